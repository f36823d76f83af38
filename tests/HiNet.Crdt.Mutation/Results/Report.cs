using System.Globalization;
using System.Text;

namespace HiNet.Crdt.Mutation.Results;

/// <summary>The verdicts as people read them: a table by folder, and each survivor as the line that could be changed unnoticed.</summary>
internal sealed class Report(IReadOnlyList<Verdict> verdicts)
{
    /// <summary>A row for each folder and one for all.</summary>
    public string Table()
    {
        var text = new StringBuilder();
        text.AppendLine(Row("folder", "mutants", "by test", "by seed", "timed out", "survived", "not reached", "explained", "killed"));
        foreach (var folder in verdicts.GroupBy(verdict => Path.GetDirectoryName(verdict.Mutant.File)!.Replace('\\', '/')).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.AppendLine(Row(folder.Key, [.. folder]));
        }

        return text.Append(Row("all", verdicts)).ToString();
    }

    /// <summary>The survivors of which nothing is written down, as a page.</summary>
    public string Page()
    {
        var text = new StringBuilder("# Survivors\n\nEach is a change to the core that no test and no seed noticed.\n\n```\n").Append(Table()).Append("\n```\n");
        foreach (var file in Open.GroupBy(verdict => verdict.Mutant.File))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {file.Key}\n\n```diff\n").AppendJoin('\n', file.Select(Lines)).Append("\n```\n");
        }

        return text.ToString();
    }

    /// <summary>The survivors of which nothing is written down.</summary>
    public IEnumerable<Verdict> Open => verdicts.Where(verdict => !verdict.IsKilled && verdict.Explanation is null).OrderBy(verdict => verdict.Mutant.File, StringComparer.Ordinal).ThenBy(verdict => verdict.Mutant.Line);

    /// <summary>One survivor: where it is, the line as it is and as it would be.</summary>
    public static string Lines(Verdict verdict)
    {
        var mutant = verdict.Mutant;
        var reached = verdict.Outcome == Outcome.NotReached ? "not reached" : string.Create(CultureInfo.InvariantCulture, $"{verdict.Checks} checks");
        return string.Create(CultureInfo.InvariantCulture, $"@@ {mutant.File}:{mutant.Line} {mutant.Member} ({reached})\n- {mutant.Before}\n+ {mutant.After}");
    }

    private static string Row(string name, IReadOnlyCollection<Verdict> verdicts)
    {
        var explained = verdicts.Count(verdict => !verdict.IsKilled && verdict.Explanation is not null);
        var killed = verdicts.Count(verdict => verdict.IsKilled);
        var share = verdicts.Count == explained ? 100 : 100.0 * killed / (verdicts.Count - explained);
        return Row(
            name,
            Text(verdicts.Count),
            Text(Count(verdicts, Outcome.KilledByTest)),
            Text(Count(verdicts, Outcome.KilledBySeed)),
            Text(Count(verdicts, Outcome.TimedOut)),
            Text(Count(verdicts, Outcome.Survived)),
            Text(Count(verdicts, Outcome.NotReached)),
            Text(explained),
            share.ToString("0.0", CultureInfo.InvariantCulture) + " %");
    }

    private static int Count(IEnumerable<Verdict> verdicts, Outcome outcome) => verdicts.Count(verdict => verdict.Outcome == outcome);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Row(string name, params string[] cells) => $"{name,-20}{string.Concat(cells.Select(cell => cell.PadLeft(12)))}";
}
