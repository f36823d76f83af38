using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>
/// The rows that say whom this person knows, how people and groups are called and where they are. They are sealed under the home's
/// storage key, each for the place where it lies. A row from before they were is taken as it is: see <see cref="ClearRows"/>.
/// <c>specs/04-store.md</c>, "Sealed rows".
/// </summary>
internal sealed class SealedRows(IStoreReader store, ICryptography cryptography, HomeSecrets secrets)
{
    /// <summary>By how many bytes a row is longer than what it says.</summary>
    public const int Overhead = 1 + SecretSealer.Overhead;

    /// <summary>The first byte of a sealed row. A record in the clear cannot begin with it: it would be the tag of a field 0.</summary>
    private const byte Form = 0;

    /// <summary>Which rows these are, by family and first byte of the key.</summary>
    public static IReadOnlyList<(ColumnFamily Family, char Tag)> Kinds { get; } =
    [
        (ColumnFamily.Contacts, 'c'),
        (ColumnFamily.Contacts, 'i'),
        (ColumnFamily.Contacts, 'd'),
        (ColumnFamily.Conversations, 'c'),
        (ColumnFamily.Conversations, 'm'),
    ];

    public static bool IsSealed(ReadOnlySpan<byte> row) => !row.IsEmpty && row[0] == Form;

    /// <summary>What to write under a key.</summary>
    public byte[] Seal(ColumnFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record) =>
        [Form, .. SecretSealer.Seal(cryptography, secrets.StorageKey.Span, Place(family, key), record)];

    /// <summary>What a row says.</summary>
    /// <exception cref="StoreException">It was sealed for another place or another home, or is damaged.</exception>
    public byte[] Open(ColumnFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        if (!IsSealed(row))
        {
            return row.ToArray();
        }

        return SecretSealer.TryOpen(cryptography, secrets.StorageKey.Span, Place(family, key), row[1..], out var record)
            ? record
            : throw new StoreException($"A stored row of {family} is damaged: restore the home from a backup.");
    }

    /// <summary>What the row under a key says.</summary>
    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? record)
    {
        record = store.TryGet(family, key, out var row) ? Open(family, key, row) : null;
        return record is not null;
    }

    /// <summary>All rows of one kind, by key.</summary>
    public List<(byte[] Key, byte[] Record)> All(ColumnFamily family, char tag)
    {
        var rows = new List<(byte[], byte[])>();
        byte[] prefix = [(byte)tag];
        using var iterator = store.Scan(family, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            rows.Add((iterator.Key.ToArray(), Open(family, iterator.Key, iterator.Value)));
        }

        return rows;
    }

    /// <summary>A row that is moved to another place does not open there.</summary>
    private static byte[] Place(ColumnFamily family, ReadOnlySpan<byte> key) => [(byte)family, .. key];
}
