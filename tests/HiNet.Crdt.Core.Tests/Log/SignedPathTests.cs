using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class SignedPathTests
{
    private readonly Chain _chain = new Chain("device").Extend(4);

    [Fact]
    public void An_entry_follows_the_one_before_it() => Verifies(header => header).ShouldBeTrue();

    [Fact]
    public void An_entry_of_another_device_does_not_follow() => Verifies(header => header with { Device = TestKeys.Device("another") }, "another").ShouldBeFalse();

    [Fact]
    public void An_entry_of_another_conversation_does_not_follow() =>
        Verifies(header => header with { Conversation = new ConversationId(TestKeys.Named("another")) }).ShouldBeFalse();

    [Fact]
    public void An_entry_two_places_on_does_not_follow() => Verifies(header => header with { Seq = header.Seq + 1, Depth = header.Depth + 1 }).ShouldBeFalse();

    [Fact]
    public void An_entry_behind_another_one_does_not_follow() => Verifies(header => header with { Previous = TestKeys.Entry("another") }).ShouldBeFalse();

    // A path of the chain's last entry and one made from the entry that would be next, properly signed.
    private bool Verifies(Func<EntryHeader, EntryHeader> change, string signer = "device")
    {
        var last = _chain.Entries[^1];
        var next = Entry.Create(
            TestKeys.Sodium,
            change(last.Header with { Seq = last.Header.Seq + 1, Previous = last.Id, Depth = last.Header.Depth + 1, Hlc = last.Header.Hlc.Next() }),
            null);
        var signature = EntrySignature.Sign(TestKeys.Sodium, TestKeys.Signing(signer).SecretKey, next.Id);
        return new SignedPath([last.HeaderBytes, next.HeaderBytes], signature).TryVerify(TestKeys.Sodium, out _);
    }
}
