using HiNet.Crdt.Simulation.Shrinking;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>One line on stderr that is written over, on a terminal only.</summary>
internal sealed class ShrinkProgressLine(bool isWanted) : IProgress<ShrinkProgress>, IDisposable
{
    private bool _isOpen;

    public void Report(ShrinkProgress value)
    {
        if (isWanted && !Console.IsErrorRedirected)
        {
            Console.Error.Write($"\rrun {value.Runs:N0} of at most {value.MaximumRuns:N0}, {value.Stage}: {value.Operations:N0} operations, {value.Faults:N0} faults, {value.Nodes:N0} nodes    ");
            _isOpen = true;
        }
    }

    public void Dispose()
    {
        if (_isOpen)
        {
            Console.Error.WriteLine();
            _isOpen = false;
        }
    }
}
