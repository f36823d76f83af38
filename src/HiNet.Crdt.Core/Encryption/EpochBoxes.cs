namespace HiNet.Crdt.Core.Encryption;

/// <summary>An epoch's secret, sealed to each recipient.</summary>
/// <param name="Ephemeral">X25519 public key that was made for this epoch alone.</param>
/// <param name="Boxes">48 bytes a recipient, in the order of the leaf keys.</param>
public sealed record EpochBoxes(Bytes32 Ephemeral, ReadOnlyMemory<byte> Boxes)
{
    /// <summary>How many recipients there are.</summary>
    public int Count => Boxes.Length / EpochBox.Size;

    /// <summary>The box of one recipient.</summary>
    public ReadOnlyMemory<byte> this[int index] => Boxes.Slice(index * EpochBox.Size, EpochBox.Size);
}
