using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Tests.Storage;

/// <summary>Random histories against the simplest thing that could be right.</summary>
public abstract partial class EntryStoreSuite
{
    /// <summary>How many random histories are tried; each opens a store of its own.</summary>
    protected virtual int Histories => 60;

    [Fact]
    public void Any_history_of_batches_leaves_what_a_sorted_dictionary_would_hold()
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(Histories).WithEndSize(120);
        Prop.ForAll((int[] steps) => AgreesWithModel(steps)).Check(config);
    }

    private static readonly Comparer<byte[]> ByteOrder = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    private bool AgreesWithModel(int[] steps)
    {
        var provider = NewProvider();
        var store = provider.Open();
        var model = Enumerable.Range(0, 2).Select(_ => new SortedDictionary<byte[], byte[]>(ByteOrder)).ToArray();
        var batch = new WriteBatch();
        foreach (var step in steps)
        {
            var bits = unchecked((uint)step * 2654435761u);
            var family = (int)(bits >> 31);
            var key = KeyOf(bits >> 20);
            var value = StoreReading.Key(step);
            switch ((bits >> 8) % 16)
            {
                case < 7:
                    batch.Put(FamilyOf(family), key, value);
                    model[family][key] = value;
                    break;
                case < 10:
                    batch.Delete(FamilyOf(family), key);
                    model[family].Remove(key);
                    break;
                case < 12:
                    batch.Erase(FamilyOf(family), key, []);
                    model[family][key] = [];
                    break;
                case 12:
                    store.Write(batch, sync: false);
                    store.ReclaimErased();
                    batch = new WriteBatch();
                    break;
                case 13 when bits % 4 == 0:
                    store.Write(batch, sync: true);
                    batch = new WriteBatch();
                    store.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    store = provider.Open();
                    break;
                default:
                    store.Write(batch, sync: false);
                    batch = new WriteBatch();
                    break;
            }
        }

        store.Write(batch, sync: false);
        for (var family = 0; family < model.Length; family++)
        {
            Compare(store, FamilyOf(family), model[family]);
        }

        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return true;
    }

    private static void Compare(IStoreReader store, ColumnFamily family, SortedDictionary<byte[], byte[]> model)
    {
        for (uint place = 0; place < 40; place++)
        {
            var key = KeyOf(place);
            store.TryGet(family, key, out var value).ShouldBe(model.TryGetValue(key, out var expected));
            value.ShouldBe(expected);
        }

        foreach (var (from, until) in new[] { (0u, 0u), (1u, 20u), (7u, 8u), (20u, 1u), (13u, 39u) })
        {
            var lower = from == 0 ? [] : KeyOf(from);
            var upper = until == 0 ? [] : KeyOf(until);
            var expected = model
                .Where(record => ByteOrder.Compare(record.Key, lower) >= 0 && (until == 0 || ByteOrder.Compare(record.Key, upper) < 0))
                .Select(record => (Convert.ToHexString(record.Key), Convert.ToHexString(record.Value)))
                .ToList();
            Hex(store.Records(family, lower, upper)).ShouldBe(expected);
            expected.Reverse();
            Hex(store.Records(family, lower, upper, reverse: true)).ShouldBe(expected);
        }
    }

    private static List<(string, string)> Hex(List<(byte[] Key, byte[] Value)> records) =>
        records.ConvertAll(record => (Convert.ToHexString(record.Key), Convert.ToHexString(record.Value)));

    private static ColumnFamily FamilyOf(int family) => family == 0 ? ColumnFamily.Entries : ColumnFamily.EntryIds;

    // Forty keys of one to three bytes, so that histories meet the same key again and prefixes occur.
    private static byte[] KeyOf(uint place) => ((place % 40) / 13) switch
    {
        0 => [(byte)(place % 40 * 19)],
        1 => [(byte)(place % 40 * 19), 0],
        _ => [(byte)(place % 13 * 19), 0, (byte)(place % 40)],
    };
}
