using System.Text.Json;
using HiNet.Crdt.Mutation.Mutants;

namespace HiNet.Crdt.Mutation.Results;

/// <summary>
/// What earlier runs found. A killed mutant need not run again while its file, the check that noticed it and what tests share are as they
/// were, another one while nothing has changed at all.
/// </summary>
internal sealed class Memory : IDisposable
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Fingerprints _fingerprints;
    private readonly bool _isForgotten;
    private readonly StreamWriter _writer;

    /// <param name="path">A file of JSON lines; later lines win.</param>
    /// <param name="fingerprints">Of the source as it is now.</param>
    /// <param name="isForgotten">Whether what it holds is not to be believed; it is kept for what this run does not run again.</param>
    public Memory(string path, Fingerprints fingerprints, bool isForgotten)
    {
        _fingerprints = fingerprints;
        _isForgotten = isForgotten;
        if (File.Exists(path))
        {
            foreach (var row in File.ReadLines(path).Select(Parse).OfType<Row>())
            {
                _rows[row.Key] = row;
            }
        }

        // Written anew without the lines that later ones have replaced.
        _writer = new StreamWriter(path, append: false) { AutoFlush = true };
        foreach (var row in _rows.Values)
        {
            _writer.WriteLine(JsonSerializer.Serialize(row));
        }
    }

    /// <summary>What is still true of a mutant.</summary>
    public Verdict? Find(Mutant mutant)
    {
        if (_isForgotten || !_rows.TryGetValue(mutant.Key, out var row) || row.File != _fingerprints.OfCore(mutant.File))
        {
            return null;
        }

        var verdict = new Verdict(mutant, row.Outcome, row.Check, row.Problem, row.Checks, IsOld: true);
        var isSame = verdict.IsKilled ? row.Source == _fingerprints.OfCheck(row.Check!) : row.Source == _fingerprints.Everything;
        return isSame ? verdict : null;
    }

    public void Keep(Verdict verdict)
    {
        var source = verdict.IsKilled ? _fingerprints.OfCheck(verdict.Check!) : _fingerprints.Everything;
        var row = new Row(verdict.Mutant.Key, _fingerprints.OfCore(verdict.Mutant.File), verdict.Outcome, verdict.Check, verdict.Problem, verdict.Checks, source);
        lock (_rows)
        {
            _rows[row.Key] = row;
            _writer.WriteLine(JsonSerializer.Serialize(row));
        }
    }

    public void Dispose() => _writer.Dispose();

    // A run that was interrupted may have left half a line.
    private static Row? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Row>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Row(string Key, string File, Outcome Outcome, string? Check, string? Problem, int Checks, string Source);
}
