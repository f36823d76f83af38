using System.Globalization;

namespace HiNet.Crdt.Mutation;

/// <summary>What one run is asked for.</summary>
internal sealed record Options
{
    /// <summary>What there is to ask for; <c>build.sh</c> shows the same file without building anything.</summary>
    public static string Usage
    {
        get
        {
            using var reader = new StreamReader(typeof(Options).Assembly.GetManifestResourceStream("usage.txt")!);
            return reader.ReadToEnd().TrimEnd();
        }
    }

    /// <summary>Folders and files, relative to the core, with forward slashes; none is all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    public int Seeds { get; init; } = 200;

    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(20);

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>From 1 to <see cref="Samples"/>.</summary>
    public int Sample { get; init; } = 1;

    public int Samples { get; init; } = 1;

    public int Limit { get; init; } = int.MaxValue;

    public bool All { get; init; }

    public bool Json { get; init; }

    /// <summary>Reads the command line; null if it is not one.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="wrong">Told what is wrong with it.</param>
    public static Options? Parse(IReadOnlyList<string> arguments, Action<string>? wrong = null)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            Options? next = arguments[i] switch
            {
                "--seeds" => Number(value, 0, 10_000) is { } number ? options with { Seeds = number } : null,
                "--seconds" => Number(value, 1, 600) is { } number ? options with { Budget = TimeSpan.FromSeconds(number) } : null,
                "--workers" => Number(value, 1, 64) is { } number ? options with { Workers = number } : null,
                "--limit" => Number(value, 1, int.MaxValue) is { } number ? options with { Limit = number } : null,
                "--sample" => options.WithSample(value),
                "--all" => options with { All = true },
                "--json" => options with { Json = true },
                ['-', ..] => null,
                var path => options with { Paths = [.. options.Paths, Normal(path)] },
            };
            if (next is null)
            {
                wrong?.Invoke(TakesValue(arguments[i]) ? $"{arguments[i]} does not take '{value}'." : $"There is no option {arguments[i]}.");
                return null;
            }

            i += TakesValue(arguments[i]) ? 1 : 0;
            options = next;
        }

        return options;
    }

    /// <summary>Whether a file's mutants are asked for.</summary>
    public bool Wants(string file) =>
        Paths.Count == 0 || Paths.Any(path => file == path || (file.StartsWith(path, StringComparison.Ordinal) && (path.Length == 0 || file[path.Length] == '/')));

    /// <summary>Whether a mutant belongs to the sample; a key is hexadecimal.</summary>
    public bool IsInSample(string key) => Samples == 1 || ulong.Parse(key.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % (ulong)Samples == (ulong)(Sample - 1);

    private static bool TakesValue(string option) => option is "--seeds" or "--seconds" or "--workers" or "--limit" or "--sample";

    private static string Normal(string path)
    {
        var normal = path.Replace('\\', '/').Trim('/');
        const string Core = "src/HiNet.Crdt.Core";
        return normal == Core ? "" : normal.StartsWith(Core + "/", StringComparison.Ordinal) ? normal[(Core.Length + 1)..] : normal;
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private Options? WithSample(string text) =>
        text.Split('/') is [var sample, var samples] && Number(samples, 1, 100_000) is { } of && Number(sample, 1, of) is { } one ? this with { Sample = one, Samples = of } : null;
}
