namespace HiNet.Crdt.Cli.Output;

/// <summary>The first line of <c>run</c>.</summary>
internal sealed record ReadyLine(string Event, string? Listen, string Identity, string Device, string Node);
