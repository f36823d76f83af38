using System.Text;
using System.Text.Unicode;

namespace HiNet.Crdt.Core.Links;

/// <summary>What channels are paired by. The array is never modified.</summary>
internal readonly struct ChannelKey : IEquatable<ChannelKey>
{
    private readonly int _hash;

    public ChannelKey(string protocol, byte[] id)
    {
        Protocol = protocol;
        Id = id;
        _hash = Fold(protocol, id);
    }

    public string Protocol { get; }

    public byte[] Id { get; }

    /// <summary>False for a name or id that is too long, for an empty name, and for one that is no UTF-8.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> protocol, ReadOnlySpan<byte> id, out ChannelKey key)
    {
        if (protocol.Length is 0 or > LinkOptions.MaxName || id.Length > LinkOptions.MaxName || !Utf8.IsValid(protocol))
        {
            key = default;
            return false;
        }

        key = new ChannelKey(Encoding.UTF8.GetString(protocol), id.ToArray());
        return true;
    }

    public bool Equals(ChannelKey other) =>
        _hash == other._hash && Protocol == other.Protocol && Id.AsSpan().SequenceEqual(other.Id);

    public override bool Equals(object? obj) => obj is ChannelKey other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>FNV-1a: the same in every process. Chosen collisions cost little, because the table it serves is bounded.</summary>
    private static int Fold(string protocol, byte[] id)
    {
        var hash = 2166136261u;
        foreach (var c in protocol)
        {
            hash = (hash ^ c) * 16777619u;
        }

        foreach (var b in id)
        {
            hash = (hash ^ b) * 16777619u;
        }

        return (int)hash;
    }
}
