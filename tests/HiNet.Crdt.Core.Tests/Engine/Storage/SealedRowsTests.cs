using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Storage;

/// <summary>What a row says is for the home that wrote it, and for the place where it lies.</summary>
public sealed class SealedRowsTests
{
    private static readonly HomeSecrets s_home = Home("alice");
    private static readonly byte[] s_record = Encoding.UTF8.GetBytes("what a row says");

    private readonly MemoryStore _store = new();
    private readonly SealedRows _rows;

    public SealedRowsTests() => _rows = Rows(s_home);

    [Fact]
    public void A_row_says_what_was_sealed_and_shows_none_of_it()
    {
        foreach (var record in new[] { s_record, [], new byte[200_000] })
        {
            var row = _rows.Seal(ColumnFamily.Contacts, "ca"u8, record);
            row.Length.ShouldBe(record.Length + SealedRows.Overhead);
            SealedRows.IsSealed(row).ShouldBeTrue();
            _rows.Open(ColumnFamily.Contacts, "ca"u8, row).ShouldBe(record);
            row.AsSpan().IndexOf(s_record).ShouldBe(-1);
        }

        _rows.Seal(ColumnFamily.Contacts, "ca"u8, s_record).ShouldNotBe(_rows.Seal(ColumnFamily.Contacts, "ca"u8, s_record));
    }

    [Fact]
    public void It_is_the_first_byte_and_a_secret_sealed_for_family_and_key_as_the_specification_says()
    {
        var row = _rows.Seal(ColumnFamily.Conversations, "m\0\0\0\u0001"u8, s_record);
        row[0].ShouldBe((byte)0);
        SecretSealer(row.AsSpan(1), [3, (byte)'m', 0, 0, 0, 1]).ShouldBe(s_record);

        static byte[]? SecretSealer(ReadOnlySpan<byte> blob, byte[] context) =>
            Core.Encryption.SecretSealer.TryOpen(TestKeys.Sodium, s_home.StorageKey.Span, context, blob, out var secret) ? secret : null;
    }

    [Fact]
    public void It_opens_nowhere_else()
    {
        var row = _rows.Seal(ColumnFamily.Contacts, "ca"u8, s_record);
        var other = Rows(Home("bob"));
        Should.Throw<StoreException>(() => _rows.Open(ColumnFamily.Contacts, "cb"u8, row))
            .Message.ShouldBe("A stored row of Contacts is damaged: restore the home from a backup.");
        Should.Throw<StoreException>(() => _rows.Open(ColumnFamily.Conversations, "ca"u8, row));
        Should.Throw<StoreException>(() => other.Open(ColumnFamily.Contacts, "ca"u8, row));
        for (var i = 1; i < row.Length; i++)
        {
            byte[] damaged = [.. row];
            damaged[i] ^= 1;
            Should.Throw<StoreException>(() => _rows.Open(ColumnFamily.Contacts, "ca"u8, damaged));
        }

        Should.Throw<StoreException>(() => _rows.Open(ColumnFamily.Contacts, "ca"u8, row.AsSpan(0, SealedRows.Overhead - 1)));
    }

    [Fact]
    public void A_row_from_before_they_were_sealed_is_what_it_says()
    {
        var record = new ContactRecord { LocalName = "aunt" }.ToByteArray();
        SealedRows.IsSealed(record).ShouldBeFalse();
        _rows.Open(ColumnFamily.Contacts, "ca"u8, record).ShouldBe(record);
        _rows.Open(ColumnFamily.Contacts, "ca"u8, []).ShouldBeEmpty();
    }

    [Fact]
    public void No_record_begins_as_a_sealed_row_does_and_whoever_takes_one_for_a_record_notices()
    {
        MessageDescriptor[] records =
            [ContactRecord.Descriptor, InviteRecord.Descriptor, DhtContactsRecord.Descriptor, ConversationRecord.Descriptor, MembersRecord.Descriptor];
        foreach (var field in records.SelectMany(record => record.Fields.InFieldNumberOrder()))
        {
            foreach (var type in Enum.GetValues<WireFormat.WireType>())
            {
                var tag = new byte[5];
                var output = new CodedOutputStream(tag);
                output.WriteTag(field.FieldNumber, type);
                SealedRows.IsSealed(tag).ShouldBeFalse();
            }
        }

        Should.Throw<InvalidProtocolBufferException>(() => ContactRecord.Parser.ParseFrom(_rows.Seal(ColumnFamily.Contacts, "ca"u8, s_record)));
    }

    [Fact]
    public void Rows_are_read_one_by_one_or_all_of_a_kind_whether_sealed_or_not()
    {
        Put(ColumnFamily.Contacts, "cb"u8.ToArray(), isSealed: true);
        Put(ColumnFamily.Contacts, "ca"u8.ToArray(), isSealed: false);
        Put(ColumnFamily.Contacts, "i"u8.ToArray(), isSealed: true);
        Put(ColumnFamily.Conversations, "c"u8.ToArray(), isSealed: true);
        _rows.TryGet(ColumnFamily.Contacts, "cb"u8, out var record).ShouldBeTrue();
        record.ShouldBe(s_record);
        _rows.TryGet(ColumnFamily.Contacts, "cc"u8, out _).ShouldBeFalse();
        var all = _rows.All(ColumnFamily.Contacts, 'c');
        all.Select(row => Encoding.UTF8.GetString(row.Key)).ShouldBe(["ca", "cb"]);
        all.ConvertAll(row => Encoding.UTF8.GetString(row.Record)).Distinct().ShouldHaveSingleItem().ShouldBe(Encoding.UTF8.GetString(s_record));
    }

    [Fact]
    public void The_rows_are_those_of_the_specification() =>
        SealedRows.Kinds.ShouldBe(
            new[]
            {
                StoreKeys.Contact(TestKeys.Identity("alice")), StoreKeys.Invite(TestKeys.Named("invite")), StoreKeys.DhtContacts,
            }.Select(key => (ColumnFamily.Contacts, (char)key[0]))
            .Concat(new[]
            {
                StoreKeys.Conversation(new ConversationId(TestKeys.Named("direct"))), StoreKeys.Members(1),
            }.Select(key => (ColumnFamily.Conversations, (char)key[0]))));

    private void Put(ColumnFamily family, byte[] key, bool isSealed)
    {
        var batch = new WriteBatch();
        batch.Put(family, key, isSealed ? _rows.Seal(family, key, s_record) : s_record);
        _store.Write(batch);
    }

    private SealedRows Rows(HomeSecrets home) => new(_store, TestKeys.Sodium, home);

    private static HomeSecrets Home(string name) =>
        HomeSecrets.Create(TestKeys.Sodium, name, TestKeys.Named(name).ToArray(), TestKeys.Named($"{name}'s agreement").ToArray());
}
