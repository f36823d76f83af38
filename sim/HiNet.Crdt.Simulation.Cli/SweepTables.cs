using System.Globalization;
using System.Text.Json;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>
/// What a sweep has seen of the engine: in how many worlds each of its bounds was met and each of its other marks was hit, and which
/// refusals were judged, rightly given or not.
/// </summary>
internal sealed class SweepTables
{
    /// <summary>A bound that fewer worlds meet is looked at too seldom.</summary>
    private const double SeldomPercent = 1;

    private readonly SortedDictionary<string, int> _worlds = new(KnownMarks.All.ToDictionary(mark => mark, _ => 0), StringComparer.Ordinal);
    private readonly SortedDictionary<string, (int Right, int Wrong)> _refusals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _explained = new(StringComparer.Ordinal);
    private int _runs;

    /// <summary>Marks that no run has hit, in alphabetical order.</summary>
    public IEnumerable<string> Missed => _worlds.Where(mark => mark.Value == 0).Select(mark => mark.Key);

    /// <summary>Takes a worker's line.</summary>
    public void Add(JsonElement run)
    {
        _runs++;
        HashSet<string> missed = [.. run.GetProperty("marksMissed").EnumerateArray().Select(mark => mark.GetString()!)];
        foreach (var mark in KnownMarks.All)
        {
            _worlds[mark] += missed.Contains(mark) ? 0 : 1;
        }

        foreach (var judged in run.GetProperty("refusals").EnumerateObject())
        {
            var (right, wrong) = _refusals.GetValueOrDefault(judged.Name);
            _refusals[judged.Name] = (right + judged.Value[0].GetInt32(), wrong + judged.Value[1].GetInt32());
        }

        if (run.TryGetProperty("explained", out var explained))
        {
            foreach (var kind in explained.EnumerateArray())
            {
                var name = kind.GetString()!.Split(':')[0];
                _explained[name] = _explained.GetValueOrDefault(name) + 1;
            }
        }
    }

    public void Show(TextWriter writer)
    {
        writer.WriteLine($"  {"bound met",-28} {"worlds",8} {"percent",8}");
        ShowMarks(writer, isBound: true);
        writer.WriteLine();
        writer.WriteLine($"  {"mark hit",-28} {"worlds",8} {"percent",8}");
        ShowMarks(writer, isBound: false);
        writer.WriteLine();
        writer.WriteLine($"  {"refused because",-28} {"right",8} {"wrong",8}");
        foreach (var (reason, (right, wrong)) in _refusals)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {reason,-28} {right,8:N0} {wrong,8:N0}"));
        }

        foreach (var (kind, runs) in _explained)
        {
            writer.WriteLine($"  {kind} could not succeed in {runs:N0} runs: every attempt was refused, and rightly");
        }
    }

    /// <summary>Writes the fields <c>bounds</c>, <c>marks</c>, <c>refusals</c> and <c>explained</c> of the sweep's last line.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        WriteWorlds(writer, "bounds", _worlds.Where(mark => KnownMarks.IsBound(mark.Key)));
        WriteWorlds(writer, "marks", _worlds.Where(mark => !KnownMarks.IsBound(mark.Key)));
        ReportJson.WriteRefusals(writer, _refusals.Select(judged => new JudgedRefusals(judged.Key, judged.Value.Right, judged.Value.Wrong)));
        WriteWorlds(writer, "explained", _explained);
    }

    private static void WriteWorlds(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, int>> worlds)
    {
        writer.WriteStartObject(name);
        foreach (var (mark, count) in worlds)
        {
            writer.WriteNumber(mark, count);
        }

        writer.WriteEndObject();
    }

    private void ShowMarks(TextWriter writer, bool isBound)
    {
        foreach (var (mark, worlds) in _worlds.Where(mark => KnownMarks.IsBound(mark.Key) == isBound))
        {
            var percent = 100.0 * worlds / Math.Max(1, _runs);
            var remark = worlds == 0 ? "never" : isBound && percent < SeldomPercent ? "seldom" : string.Empty;
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {(isBound ? mark["bound.".Length..] : mark),-28} {worlds,8:N0} {percent,8:0.0} {remark}").TrimEnd());
        }
    }
}
