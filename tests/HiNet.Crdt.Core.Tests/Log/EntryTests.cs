using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class EntryTests
{
    private static readonly byte[] s_body = [1, 2, 3];

    [Fact]
    public void An_entry_with_a_body_knows_it_again()
    {
        var entry = Entry.CreateWithBody(TestKeys.Sodium, Unsealed(), s_body);
        entry.Header.BodyLength.ShouldBe(3u);
        entry.BodyMatches(TestKeys.Sodium).ShouldBeTrue();
        entry.WithBody(new byte[] { 1, 2, 4 }).BodyMatches(TestKeys.Sodium).ShouldBeFalse();
        entry.WithBody(new byte[] { 1, 2 }).BodyMatches(TestKeys.Sodium).ShouldBeFalse();
        entry.WithBody(null).BodyMatches(TestKeys.Sodium).ShouldBeFalse();
        entry.WithBody(null).Id.ShouldBe(entry.Id);
    }

    [Fact]
    public void A_body_of_no_bytes_is_never_absent()
    {
        var entry = Entry.Create(TestKeys.Sodium, Unsealed(), null);
        entry.Body.ShouldNotBeNull();
        entry.BodyMatches(TestKeys.Sodium).ShouldBeTrue();
    }

    [Fact]
    public void Decoding_gives_the_same_entry()
    {
        var entry = Entry.CreateWithBody(TestKeys.Sodium, Unsealed(), s_body);
        Entry.TryDecode(TestKeys.Sodium, entry.HeaderBytes, s_body, out var decoded, out _).ShouldBeTrue();
        decoded.Id.ShouldBe(entry.Id);
        decoded.Header.ShouldBe(entry.Header);
        decoded.Prefix.SequenceEqual(EntryCodec.EncodePrefix(Unsealed())).ShouldBeTrue();
    }

    [Fact]
    public void A_genesis_belongs_to_the_group_that_it_names()
    {
        var genesis = Entry.Create(TestKeys.Sodium, Unsealed() with { Kind = EntryKind.Genesis, Conversation = default }, null);
        genesis.Conversation.ShouldBe(ConversationIds.Group(genesis.Id));
        var other = Entry.Create(TestKeys.Sodium, Unsealed(), null);
        other.Conversation.ShouldBe(other.Header.Conversation);
    }

    [Fact]
    public void Signatures_are_of_one_device_and_one_id()
    {
        var id = TestKeys.Entry("an entry");
        var signature = EntrySignature.Sign(TestKeys.Sodium, TestKeys.Signing("device").SecretKey, id);
        EntrySignature.Verify(TestKeys.Sodium, TestKeys.Device("device"), id, signature).ShouldBeTrue();
        EntrySignature.Verify(TestKeys.Sodium, TestKeys.Device("another"), id, signature).ShouldBeFalse();
        EntrySignature.Verify(TestKeys.Sodium, TestKeys.Device("device"), TestKeys.Entry("another"), signature).ShouldBeFalse();
        EntrySignature.Verify(TestKeys.Sodium, TestKeys.Device("device"), id, signature.AsSpan(1)).ShouldBeFalse();
        TestKeys.Sodium.Verify(TestKeys.Device("device").ToArray(), EntrySignature.Message(id), signature).ShouldBeTrue();
    }

    private static EntryHeader Unsealed() => new()
    {
        Conversation = new ConversationId(TestKeys.Named("a conversation")),
        Device = TestKeys.Device("device"),
        Authority = AuthorityHash.Of(TestKeys.Sodium, []),
        Kind = EntryKind.Introduce,
    };
}
