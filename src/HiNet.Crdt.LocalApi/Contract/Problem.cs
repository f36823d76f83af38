namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>The body of every answer that is not a success.</summary>
/// <param name="Error">One sentence that says what is wrong and what to do.</param>
/// <param name="Status">The HTTP status again.</param>
public sealed record Problem(string Error, int Status);
