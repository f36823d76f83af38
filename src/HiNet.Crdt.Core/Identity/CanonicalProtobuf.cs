using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// Protobuf with exactly one encoding per message: fields ascending, minimal varints, defaults left out, no unknown field.
/// Anything else is refused, so what was signed or hashed can be rebuilt byte for byte.
/// </summary>
internal static class CanonicalProtobuf
{
    /// <summary>Reads a message of at most <paramref name="maxBytes"/> bytes; false for anything malformed or encoded in another way.</summary>
    internal static bool TryParse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, int maxBytes, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        message = null;
        if (bytes.Length > maxBytes)
        {
            return false;
        }

        try
        {
            var parsed = parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
            if (parsed.CalculateSize() != bytes.Length || !parsed.ToByteArray().AsSpan().SequenceEqual(bytes))
            {
                return false;
            }

            message = parsed;
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>Reads a field of 32 bytes.</summary>
    internal static bool TryRead(ByteString field, out Bytes32 value)
    {
        var fits = field.Length == Bytes32.Size;
        value = fits ? new Bytes32(field.Span) : default;
        return fits;
    }

    /// <summary>A field of 32 bytes.</summary>
    internal static ByteString Field(Bytes32 value) => UnsafeByteOperations.UnsafeWrap(value.ToArray());
}
