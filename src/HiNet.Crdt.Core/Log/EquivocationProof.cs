using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Proof that a device wrote two entries at one seq of one conversation: two signed paths that start there.
/// It needs nothing else to be checked, so whoever holds it can enter it. <c>specs/01-log.md</c>, "Equivocation".
/// </summary>
public sealed class EquivocationProof
{
    private EquivocationProof(SignedPath first, SignedPath second)
    {
        First = first;
        Second = second;
    }

    /// <summary>Starts at the entry of the lower id.</summary>
    public SignedPath First { get; }

    /// <summary>Starts at the other entry.</summary>
    public SignedPath Second { get; }

    /// <summary>Joins two paths in either order; false when they prove no equivocation.</summary>
    public static bool TryCreate(
        ICryptography cryptography,
        SignedPath one,
        SignedPath other,
        [NotNullWhen(true)] out EquivocationProof? proof)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var ascending = Entry.IdOf(cryptography, one.Headers[0].Span).CompareTo(Entry.IdOf(cryptography, other.Headers[0].Span)) < 0;
        var candidate = ascending ? new EquivocationProof(one, other) : new EquivocationProof(other, one);
        proof = candidate.TryVerify(cryptography, out _) ? candidate : null;
        return proof is not null;
    }

    /// <summary>The one encoding, protobuf <c>Equivocation</c>.</summary>
    public byte[] Encode() => ToMessage().ToByteArray();

    /// <summary>Reads what <see cref="Encode"/> wrote, of at most <see cref="EntryLimits.MaxProofBytes"/> bytes; says nothing about what it proves.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EquivocationProof? proof)
    {
        proof = CanonicalProtobuf.TryParse(Protocol.Equivocation.Parser, bytes, EntryLimits.MaxProofBytes, out var message)
            && SignedPath.TryFrom(message.First, out var first)
            && SignedPath.TryFrom(message.Second, out var second)
                ? new EquivocationProof(first, second)
                : null;
        return proof is not null;
    }

    /// <summary>Whether both paths hold and start at two entries of one device, conversation and seq; then what they say.</summary>
    public bool TryVerify(ICryptography cryptography, [NotNullWhen(true)] out ProvenEquivocation? proven)
    {
        proven = First.TryVerify(cryptography, out var first)
            && Second.TryVerify(cryptography, out var second)
            && first[0].Id.CompareTo(second[0].Id) < 0
            && first[0].Header.Device == second[0].Header.Device
            && first[0].Header.Seq == second[0].Header.Seq
            && first[0].Conversation == second[0].Conversation
                ? new ProvenEquivocation(first[0].Header.Device, first[0].Conversation, first[0].Header.Seq, first, second)
                : null;
        return proven is not null;
    }

    private Equivocation ToMessage() => new() { First = First.ToMessage(), Second = Second.ToMessage() };
}
