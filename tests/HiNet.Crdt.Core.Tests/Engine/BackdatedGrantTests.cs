using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A device that has kept silent knows nothing of who was added since: what it grants takes nothing from them.</summary>
public sealed class BackdatedGrantTests
{
    private readonly LoopbackWorld _world = new();

    [Theory]
    [InlineData(Role.Reader)]
    [InlineData(Role.Member)]
    public void A_grant_from_before_somebody_was_added_lowers_them_by_nothing(Role granted)
    {
        var (mallory, alice) = _world.Contacts("mallory", "alice");
        var carol = _world.Befriend(mallory, "carol");
        LoopbackScenes.Introduce(carol, mallory);
        _world.Link(alice, carol);
        var group = mallory.Group("team", alice);
        mallory.Send(group, "welcome");
        _world.Pass(TimeSpan.FromSeconds(5));

        var hostile = new HostileMember(_world, mallory, group);
        var card = TestKeys.AnotherCard(mallory.Secrets, "second");
        var introduce = hostile.Write(hostile.Draft(EntryKind.Introduce), new IntroduceBody { Cards = { ByteString.CopyFrom(card.Encode()) } });
        hostile.Give(alice, hostile.Sign(introduce));
        _world.Pass(TimeSpan.FromSeconds(10));
        mallory.Do(new NodeCommand.AddMember(group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(10));
        carol.Send(group, "thanks for having me");
        _world.Pass(TimeSpan.FromSeconds(10));

        hostile.Head = null;
        var draft = hostile.Draft(EntryKind.SetRole, introduce.Id) with { Device = card.Device, Seq = 0, Previous = null };
        var demotion = hostile.Write(draft, new SetRoleBody { Identity = ByteString.CopyFrom(carol.Identity.ToArray()), Role = (uint)granted });
        hostile.Give(alice, new SignedRun(
            card.Device, [demotion], EntrySignature.Sign(LoopbackNode.Cryptography, TestKeys.Signing("second").SecretKey, demotion.Id)));
        _world.Pass(TimeSpan.FromSeconds(20));

        carol.Send(group, "hello?");
        _world.Pass(TimeSpan.FromSeconds(20));
        alice.Texts(group).ShouldContain("hello?");
        LoopbackScenes.ShouldBeEqual(group, alice, carol);
        carol.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
    }
}
