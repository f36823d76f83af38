using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>How many bytes of a frame are comparison of replicas, and not opening or proving.</summary>
internal static class SyncFrame
{
    private const int ControlChannel = 0;
    private const int ProveType = 0;

    /// <summary>A frame's length, the secret stream's tag byte and authenticator.</summary>
    private const int FrameOverhead = 3 + 17;

    /// <summary>All of a frame that holds nothing else, with what encryption adds; of a mixed frame the messages and their lengths.</summary>
    public static int BytesOf(ReadOnlySpan<byte> plaintext)
    {
        var reader = new CompactReader(plaintext);
        reader.TryReadUInt(out var channel);
        reader.TryReadUInt(out var type);
        if (channel != ControlChannel)
        {
            return type == ProveType ? 0 : FrameOverhead + plaintext.Length;
        }

        return type == 0 ? OfBatch(ref reader, plaintext.Length) : 0;
    }

    private static int OfBatch(ref CompactReader reader, int frame)
    {
        var bytes = 0;
        var isMixed = false;
        reader.TryReadUInt(out var channel);
        while (!reader.IsEmpty)
        {
            var before = reader.Rest.Length;
            reader.TryReadUInt(out var length);
            if (length == 0)
            {
                reader.TryReadUInt(out channel);
                continue;
            }

            var type = reader.Rest[0];
            reader.TryReadBytes(length, out _);
            var isSync = channel != ControlChannel && type != ProveType;
            bytes += isSync ? before - reader.Rest.Length : 0;
            isMixed |= !isSync;
        }

        return isMixed ? bytes : FrameOverhead + frame;
    }
}
