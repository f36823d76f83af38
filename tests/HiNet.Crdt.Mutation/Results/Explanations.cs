using System.Text.Json;
using HiNet.Crdt.Mutation.Mutants;

namespace HiNet.Crdt.Mutation.Results;

/// <summary>The mutants of which it is written down why nothing can notice them. They are recognised by their source, not by their line.</summary>
internal sealed class Explanations
{
    private readonly Dictionary<(string File, string Member, string Before, string After), Explanation> _all;
    private readonly HashSet<Explanation> _used = [];

    private Explanations(IEnumerable<Explanation> all) => _all = all.ToDictionary(one => (one.File, one.Member, one.Before, one.After));

    /// <summary>Reads the list.</summary>
    /// <exception cref="JsonException">It is not a list of explanations.</exception>
    public static Explanations Read(string path) =>
        new(File.Exists(path) ? JsonSerializer.Deserialize<List<Explanation>>(File.ReadAllText(path), JsonSerializerOptions.Web)! : []);

    public string? Find(Mutant mutant)
    {
        if (!_all.TryGetValue((mutant.File, mutant.Member, mutant.Before, mutant.After), out var explanation))
        {
            return null;
        }

        _used.Add(explanation);
        return explanation.Because;
    }

    /// <summary>Those that belong to one of these files and to no mutant: the source has changed since.</summary>
    public IEnumerable<Explanation> Stale(IReadOnlySet<string> files) => _all.Values.Where(one => files.Contains(one.File) && !_used.Contains(one));

    /// <summary>One of the list.</summary>
    internal sealed record Explanation(string File, string Member, string Before, string After, string Because);
}
