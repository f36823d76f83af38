using System.Globalization;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>One line a transition, one column a node.</summary>
internal sealed class ColumnLog(int nodes)
{
    private const int Widest = 12;
    private const int ColumnWidth = 6;

    public void Write(TimeSpan time, int node, string what)
    {
        var indent = nodes > Widest || node < 0 ? 0 : node * ColumnWidth;
        var who = node < 0 ? "*" : node.ToString(CultureInfo.InvariantCulture);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds,12:0.000000}  {new string(' ', indent)}{who}: {what}"));
    }
}
