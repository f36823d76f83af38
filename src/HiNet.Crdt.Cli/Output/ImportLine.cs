namespace HiNet.Crdt.Cli.Output;

/// <summary>What <c>import</c> reads of a line; everything else in it is ignored.</summary>
internal sealed record ImportLine(string? Text);
