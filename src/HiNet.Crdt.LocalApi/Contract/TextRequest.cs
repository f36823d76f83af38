namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A message's text; also one line of a bulk send.</summary>
public sealed record TextRequest(string Text);
