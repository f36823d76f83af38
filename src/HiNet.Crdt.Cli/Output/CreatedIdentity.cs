namespace HiNet.Crdt.Cli.Output;

/// <summary>What <c>init</c> made.</summary>
internal sealed record CreatedIdentity(string Identity, string Device, IReadOnlyList<string> Phrase);
