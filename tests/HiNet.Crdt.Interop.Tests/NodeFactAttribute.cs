namespace HiNet.Crdt.Interop.Tests;

/// <summary>A fact that needs the JavaScript peers, and is skipped with the reason where they cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodePeers.Unavailable;
}
