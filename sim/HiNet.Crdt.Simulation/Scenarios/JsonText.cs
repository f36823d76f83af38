using System.Globalization;
using System.Text.Encodings.Web;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>JSON values as the files of the simulator have them: written by hand, so that an operation stays on one line.</summary>
internal static class JsonText
{
    public static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Nodes(IEnumerable<int> nodes) => $"[{string.Join(", ", nodes)}]";

    /// <summary>Quoted, in whole seconds where it has no fraction.</summary>
    public static string Time(TimeSpan time)
    {
        var microseconds = time.Ticks / TimeSpan.TicksPerMicrosecond;
        return microseconds % 1_000_000 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"\"{microseconds / 1_000_000}s\"")
            : string.Create(CultureInfo.InvariantCulture, $"\"{microseconds / 1000m:0.###}ms\"");
    }
}
