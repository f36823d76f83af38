namespace HiNet.Crdt.Cli.Output;

/// <summary>One finding of <c>doctor</c>.</summary>
internal sealed record CheckLine(string Check, bool Ok, string Detail);
