using System.Globalization;

namespace HiNet.Crdt.Benchmarks.Reports;

/// <summary>Figures as people read them: three or four digits that mean something.</summary>
internal static class Figures
{
    public static string Format(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    public static string Format(double? value) => value is { } known ? Format(known) : "–";
}
