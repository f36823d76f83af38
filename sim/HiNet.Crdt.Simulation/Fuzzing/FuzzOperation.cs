namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// One step of a case. The numbers are drawn without a look at the others, and mean something modulo what is there, so any part of a
/// list of operations is a case, too. Zero is the plain value of each.
/// </summary>
/// <param name="Kind">What is done.</param>
/// <param name="Who">Which device, node or person does it.</param>
/// <param name="Past">What an entry has seen.</param>
/// <param name="Twist">What is wrong with it.</param>
/// <param name="Target">What it is about.</param>
/// <param name="Size">Which variant, how long or how many.</param>
internal sealed record FuzzOperation(
    FuzzKind Kind, int Who = 0, FuzzPast Past = FuzzPast.Everything, FuzzTwist Twist = FuzzTwist.None, int Target = 0, int Size = 0);
