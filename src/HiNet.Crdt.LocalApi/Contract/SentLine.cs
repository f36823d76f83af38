namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>One line of the answer to a bulk send: either an id and a state, or, as the last line, the error that ended it.</summary>
/// <param name="Id">64 hex digits, or null.</param>
/// <param name="State">queued, stored, delivered or read, or null.</param>
/// <param name="Error">One sentence, or null.</param>
public sealed record SentLine(string? Id = null, string? State = null, string? Error = null);
