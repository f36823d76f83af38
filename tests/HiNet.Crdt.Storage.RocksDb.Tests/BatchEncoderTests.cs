using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>The bytes that cross into RocksDB.</summary>
public sealed class BatchEncoderTests
{
    // Family n of the enumeration has number n + 1 in RocksDB, but for one that needs a varint of two bytes.
    private readonly BatchEncoder _encoder = new([1, 2, 3, 4, 300, 6, 7, 8, 9, 10]);

    [Fact]
    public void Puts_deletions_and_erasures_are_records_in_order_and_an_erasure_leaves_a_note()
    {
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Meta, [0xAA], [1, 2, 3]);
        batch.Delete(ColumnFamily.Secrets, [0xBB, 0xBC]);
        batch.Erase(ColumnFamily.Entries, [0xCC], []);

        Convert.ToHexString(_encoder.Encode(batch)).ShouldBe(
            "0000000000000000" + "04000000"
            + "05" + "01" + "01AA" + "03010203"
            + "04" + "02" + "02BBBC"
            + "05" + "AC02" + "01CC" + "00"
            + "01" + "0204CC" + "00");
    }

    [Fact]
    public void Taking_off_a_note_is_a_deletion_in_the_default_family() =>
        Convert.ToHexString(_encoder.EncodeNoteDeletions([[4, 0xCC]])).ShouldBe("0000000000000000" + "01000000" + "00" + "0204CC");

    [Fact]
    public void A_length_above_127_is_a_varint_and_the_memory_grows_with_the_batch()
    {
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Meta, [1], new byte[6 << 20]);

        var encoded = _encoder.Encode(batch);

        encoded.Length.ShouldBe(12 + 2 + 2 + 4 + (6 << 20));
        Convert.ToHexString(encoded[16..20]).ShouldBe("80808003");
        _encoder.Encode(new WriteBatch()).Length.ShouldBe(12);
    }
}
