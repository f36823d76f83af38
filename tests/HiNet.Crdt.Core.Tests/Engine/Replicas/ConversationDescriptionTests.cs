using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

public sealed class ConversationDescriptionTests
{
    private static readonly IdentityId[] s_people = [.. new[] { "one", "other" }.Select(TestKeys.Identity).Order()];

    [Fact]
    public void Both_people_of_a_direct_conversation_found_it_in_one_order_whoever_looks()
    {
        Direct(s_people[1]).Founders(s_people[0]).ShouldBe(s_people);
        Direct(s_people[0]).Founders(s_people[1]).ShouldBe(s_people);
    }

    [Fact]
    public void A_note_to_self_has_one_founder_and_a_group_none()
    {
        Direct(s_people[0]).Founders(s_people[0]).ShouldBe([s_people[0]]);
        (Direct(s_people[0]) with { Kind = ConversationKind.Group }).Founders(s_people[1]).ShouldBeEmpty();
    }

    [Fact]
    public void A_description_comes_back_as_it_was()
    {
        var direct = Direct(s_people[0]);
        ConversationDescription.Decode(direct.Id, direct.Encode()).Encode().ShouldBe(direct.Encode());
        var group = new ConversationDescription(
            direct.Id,
            8,
            ConversationKind.Group,
            "team",
            default,
            IsVisible: false,
            Awaits: TestKeys.Entry("grant"),
            InvitedBy: s_people[1],
            Handed: [
                new HandedEpoch(s_people[1], TestKeys.Entry("epoch"), TestKeys.Named("secret")),
                new HandedEpoch(s_people[0], TestKeys.Entry("another"), TestKeys.Named("another's")),
            ]);
        var back = ConversationDescription.Decode(group.Id, group.Encode());
        back.Handed.ShouldBe(group.Handed);
        (back with { Handed = group.Handed }).ShouldBe(group);
    }

    private static ConversationDescription Direct(IdentityId other) => new(
        new ConversationId(TestKeys.Named("direct")), 7, ConversationKind.Direct, string.Empty, other, IsVisible: true);
}
