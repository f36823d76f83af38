namespace HiNet.Crdt.Mutation.Running;

/// <summary>What a worker says when a check begins, and when it is done with a request.</summary>
/// <param name="Began">The check that begins now; null in the last reply.</param>
/// <param name="FailedAt">The check that failed; null if none did.</param>
/// <param name="Problem">What it said, shortened.</param>
/// <param name="RanOut">Whether it was stopped because its loops went on for too long.</param>
/// <param name="Milliseconds">What the checks took of a processor in all: the clock would count what else the machine does.</param>
/// <param name="Steps">Turns of loops in the last check.</param>
/// <param name="Reached">In a recording worker: for each mutant one byte, 1 if the last check reached it.</param>
internal sealed record Reply(string? Began, string? FailedAt = null, string? Problem = null, bool RanOut = false, double Milliseconds = 0, long Steps = 0, byte[]? Reached = null);
