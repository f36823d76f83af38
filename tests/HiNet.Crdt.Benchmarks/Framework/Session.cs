namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>
/// Measures what the rows need. The measurements of one row run in turn, round after round, so that a change of the
/// machine's mood meets both sides; a measurement that an earlier row has used is not repeated.
/// </summary>
internal sealed class Session(IEnumerable<IMeasurement> measurements, int rounds, TextWriter log)
{
    private readonly Dictionary<string, IMeasurement> _measurements = measurements.ToDictionary(measurement => measurement.Name);
    private readonly Dictionary<Metric, List<double>> _values = [];
    private readonly Dictionary<string, string> _failures = [];
    private readonly HashSet<string> _done = [];

    /// <summary>Every figure so far, in the order in which it was first met.</summary>
    public IEnumerable<KeyValuePair<Metric, Series>> Measured =>
        _values.Select(pair => KeyValuePair.Create(pair.Key, new Series(pair.Value)));

    public async Task<IReadOnlyList<RowResult>> MeasureAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            await MeasureInTurnAsync(
                [.. new[] { row.Ours.Measurement, row.Reference?.Measurement }.OfType<string>().Where(name => !_done.Contains(name))],
                cancellationToken);
        }

        return [.. rows.Select(Judge)];
    }

    /// <summary>Measures by name, each round one run of each.</summary>
    public async Task MeasureInTurnAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        List<IMeasurement> able = [.. names.Where(name => ReasonMissing(name) is null).Select(name => _measurements[name])];
        for (var round = 0; round < rounds; round++)
        {
            foreach (var measurement in able.Where(measurement => round == 0 || !measurement.IsRunOnce).ToArray())
            {
                if (!await TryRunAsync(measurement, round, cancellationToken))
                {
                    able.Remove(measurement);
                }
            }
        }

        _done.UnionWith(names);
    }

    private async Task<bool> TryRunAsync(IMeasurement measurement, int round, CancellationToken cancellationToken)
    {
        log.WriteLine($"  {measurement.Name}, run {round + 1} of {(measurement.IsRunOnce ? 1 : rounds)}");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        try
        {
            foreach (var (name, value) in await measurement.RunAsync(cancellationToken))
            {
                var metric = new Metric(measurement.Name, name);
                if (!_values.TryGetValue(metric, out var values))
                {
                    _values[metric] = values = [];
                }

                values.Add(value);
            }

            return true;
        }
        catch (MeasurementException problem)
        {
            _failures[measurement.Name] = problem.Message;
            log.WriteLine($"  {measurement.Name}: {problem.Message}");
            return false;
        }
    }

    private string? ReasonMissing(string name) =>
        !_measurements.TryGetValue(name, out var measurement) ? $"{name}: not measured in this version"
        : measurement.Unavailable is { } reason ? $"{name}: {reason}"
        : _failures.TryGetValue(name, out var failure) ? $"{name}: {failure}"
        : null;

    private RowResult Judge(Row row)
    {
        string[] missing = [.. new[] { row.Ours.Measurement, row.Reference?.Measurement }.OfType<string>().Select(ReasonMissing).OfType<string>()];
        return new RowResult(row, SeriesOf(row.Ours), row.Reference is { } reference ? SeriesOf(reference) : null, missing);
    }

    private Series? SeriesOf(Metric metric) => _values.TryGetValue(metric, out var values) ? new Series(values) : null;
}
