namespace HiNet.Crdt.Core.Discovery;

/// <summary>A secret by which others who hold it recognise this node on a LAN. The text form leaves the secret out.</summary>
/// <param name="Id">The owner's own name for it, which comes back in <see cref="MdnsEffect.Found"/>; never sent.</param>
/// <param name="Secret">32 bytes that only those hold who may recognise.</param>
public readonly record struct MdnsSecret(Bytes32 Id, Bytes32 Secret)
{
    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"MdnsSecret {{ Id = {Id} }}";
}
