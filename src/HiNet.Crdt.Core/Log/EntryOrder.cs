namespace HiNet.Crdt.Core.Log;

/// <summary>An entry's place in its conversation: by HLC, then by id. A linear extension of causality, since an HLC is above every predecessor's.</summary>
public readonly record struct EntryOrder(HybridTimestamp Hlc, EntryId Id) : IComparable<EntryOrder>
{
    /// <summary>The place of an entry.</summary>
    public static EntryOrder Of(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new EntryOrder(entry.Header.Hlc, entry.Id);
    }

    /// <inheritdoc/>
    public int CompareTo(EntryOrder other)
    {
        var order = Hlc.CompareTo(other.Hlc);
        return order != 0 ? order : Id.CompareTo(other.Id);
    }

    /// <summary>Before.</summary>
    public static bool operator <(EntryOrder left, EntryOrder right) => left.CompareTo(right) < 0;

    /// <summary>After.</summary>
    public static bool operator >(EntryOrder left, EntryOrder right) => left.CompareTo(right) > 0;

    /// <summary>Not after.</summary>
    public static bool operator <=(EntryOrder left, EntryOrder right) => left.CompareTo(right) <= 0;

    /// <summary>Not before.</summary>
    public static bool operator >=(EntryOrder left, EntryOrder right) => left.CompareTo(right) >= 0;
}
