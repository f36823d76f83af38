using System.Buffers.Binary;
using System.Text;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

/// <summary>Keys as <c>specs/04-store.md</c> spells them, byte for byte: homes that exist are read by them.</summary>
public sealed class StoreKeyLayoutTests
{
    private const uint Conversation = 0x01020304;
    private const uint Device = 0x05060708;
    private const ulong Number = 0x1112131415161718;
    private const ulong Other = 0x2122232425262728;

    private static readonly Bytes32 s_value = Generators.Drawn(1);
    private static readonly Bytes32 s_other = Generators.Drawn(2);
    private static readonly EntryId s_id = new(s_value);
    private static readonly string s_hex = Convert.ToHexString(s_value.ToArray());
    private static readonly string s_otherHex = Convert.ToHexString(s_other.ToArray());

    [Fact]
    public void Rows_of_secrets_and_contacts_have_their_specified_keys()
    {
        Encoding.ASCII.GetString(StoreKeys.HomeSecrets).ShouldBe("home");
        Encoding.ASCII.GetString(StoreKeys.DhtContacts).ShouldBe("dht");
        ShouldBe(StoreKeys.ControlKey(Conversation), 'c', "01020304");
        ShouldBe(StoreKeys.EpochSecret(Conversation, s_id), 'e', "01020304", s_hex);
        ShouldBe(StoreKeys.Contact(new IdentityId(s_value)), 'c', s_hex);
        ShouldBe(StoreKeys.Invite(s_value), 'i', s_hex);
    }

    [Fact]
    public void Rows_of_conversations_have_their_specified_keys()
    {
        ShouldBe(StoreKeys.Conversation(new ConversationId(s_value)), 'c', s_hex);
        ShouldBe(StoreKeys.Replica(Conversation), 's', "01020304");
        ShouldBe(StoreKeys.Device(Conversation, Device), 'd', "01020304", "05060708");
        ShouldBe(StoreKeys.Branch(Conversation, Device, s_id), 'b', "01020304", "05060708", s_hex);
        ShouldBe(StoreKeys.Tip(Conversation, s_id), 't', "01020304", s_hex);
        ShouldBe(StoreKeys.Landmark(Conversation, Number), 'a', "01020304", "1112131415161718");
        ShouldBe(StoreKeys.AuthorityHeads(Conversation, s_value), 'h', "01020304", s_hex);
        ShouldBe(StoreKeys.Members(Conversation), 'm', "01020304");
        ShouldBe(StoreKeys.Receipt(Conversation, new IdentityId(s_value)), 'r', "01020304", s_hex);
    }

    [Fact]
    public void Rows_of_entries_have_their_specified_keys()
    {
        ShouldBe(StoreKeys.Entry(Conversation, Number), null, "01020304", "1112131415161718");
        ShouldBe(StoreKeys.EntryId(s_id), null, s_hex);
        ShouldBe(
            StoreKeys.Chain(Conversation, Device, Number, Other), null, "01020304", "05060708", "1112131415161718", "2122232425262728");
        ShouldBe(StoreKeys.Timeline(Conversation, new HybridTimestamp(Number), s_id), null, "01020304", "1112131415161718", s_hex);
        ShouldBe(
            StoreKeys.Relation(s_id, 'e', new HybridTimestamp(Number), new EntryId(s_other)), null, s_hex, "65", "1112131415161718", s_otherHex);
        ShouldBe(StoreKeys.Relations(s_id), null, s_hex);
        ShouldBe(StoreKeys.Relations(s_id, 'r'), null, s_hex, "72");
    }

    [Fact]
    public void Rows_of_what_waits_have_their_specified_keys()
    {
        ShouldBe(StoreKeys.AwaitedDeletion(Conversation, s_id), 'x', "01020304", s_hex);
        ShouldBe(StoreKeys.Tail(Conversation, s_id), 't', "01020304", s_hex);
        ShouldBe(StoreKeys.Unreadable(Conversation, s_id, Number), 'u', "01020304", s_hex, "1112131415161718");
        ShouldBe(StoreKeys.Revealed(Conversation, Number), 'v', "01020304", "1112131415161718");
        ShouldBe(StoreKeys.AbsentBody(Conversation, true, Device, Number, Other), 'b', "01020304", "05060708", "1112131415161718", "2122232425262728");
        ShouldBe(StoreKeys.AbsentBody(Conversation, false, Device, Number, Other), 'w', "01020304", "05060708", "1112131415161718", "2122232425262728");
    }

    [Fact]
    public void What_readers_cut_out_of_a_key_is_what_was_put_into_it()
    {
        // The last bytes of a key for unreadable content are read as a place, whose conversation nobody asks for.
        EntryPlace.Decode(StoreKeys.Unreadable(Conversation, s_id, Number).AsSpan()[^12..]).Arrival.ShouldBe(Number);
        BinaryPrimitives.ReadUInt64BigEndian(StoreKeys.Revealed(Conversation, Number).AsSpan(5)).ShouldBe(Number);
        BinaryPrimitives.ReadUInt64BigEndian(StoreKeys.Landmark(Conversation, Number).AsSpan(5)).ShouldBe(Number);
        EntryPlace.Decode(StoreKeys.Entry(Conversation, Number)).ShouldBe((Conversation, Number));
        var timeline = StoreKeys.Timeline(Conversation, new HybridTimestamp(Number), s_id);
        BinaryPrimitives.ReadUInt64BigEndian(timeline.AsSpan(4)).ShouldBe(Number);
        new EntryId(timeline.AsSpan(12)).ShouldBe(s_id);
        new IdentityId(StoreKeys.Receipt(Conversation, new IdentityId(s_value)).AsSpan(5)).Value.ShouldBe(s_value);
        new ConversationId(StoreKeys.Conversation(new ConversationId(s_value)).AsSpan(1)).Value.ShouldBe(s_value);
    }

    [Fact]
    public void Every_key_lies_in_the_range_that_is_scanned_for_it_and_in_no_other_conversations()
    {
        ShouldLieWithin(StoreKeys.Unreadable(Conversation, s_id, ulong.MaxValue), StoreKeys.Tagged('u', Conversation, s_value));
        ShouldLieWithin(StoreKeys.Revealed(Conversation, ulong.MaxValue), StoreKeys.Tagged('v', Conversation));
        ShouldLieWithin(StoreKeys.AbsentBody(Conversation, true, uint.MaxValue, Number, Other), StoreKeys.AbsentBodies(Conversation, true));
        ShouldLieWithin(StoreKeys.Device(Conversation, uint.MaxValue), StoreKeys.Tagged('d', Conversation));
        ShouldLieWithin(StoreKeys.Landmark(Conversation, ulong.MaxValue), StoreKeys.Tagged('a', Conversation));
        ShouldLieWithin(StoreKeys.Receipt(Conversation, new IdentityId(s_value)), StoreKeys.Tagged('r', Conversation));
        ShouldLieWithin(StoreKeys.Relation(s_id, 'e', new HybridTimestamp(ulong.MaxValue), s_id), StoreKeys.Relations(s_id, 'e'));
        StoreKeys.After(StoreKeys.Tagged('u', uint.MaxValue)).ShouldBe([(byte)'v']);
        StoreKeys.After([0xff, 0xff]).ShouldBeEmpty();
    }

    [Fact]
    public void Places_are_written_as_specified_and_read_back()
    {
        var place = EntryPlace.Encode(Conversation, Number);
        ShouldBe(place, null, "01020304", "1112131415161718");
        EntryPlace.Decode([.. place, .. s_value.ToArray()]).ShouldBe((Conversation, Number));
        var revealed = RevealedPlace.Encode(Number, Other);
        ShouldBe(revealed, null, "1112131415161718", "2122232425262728");
        RevealedPlace.Decode(revealed).ShouldBe((Number, Other));
    }

    private static void ShouldBe(byte[] key, char? tag, params string[] parts) =>
        Convert.ToHexString(key).ShouldBe((tag is { } t ? Convert.ToHexString([(byte)t]) : string.Empty) + string.Concat(parts));

    private static void ShouldLieWithin(byte[] key, byte[] prefix)
    {
        key.AsSpan().SequenceCompareTo(prefix).ShouldBeGreaterThanOrEqualTo(0);
        key.AsSpan().SequenceCompareTo(StoreKeys.After(prefix)).ShouldBeLessThan(0);
    }
}
