using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutants;

/// <summary>
/// The mutants found so far. A place that is rewritten again gets the same mutants under the same numbers, without those that were dropped
/// because they do not compile.
/// </summary>
/// <param name="isWanted">Whether a file's mutants are asked for.</param>
/// <param name="isInSample">Whether the mutant with this key is.</param>
internal sealed partial class MutantSet(Func<string, bool> isWanted, Func<string, bool> isInSample)
{
    // Every candidate that was ever asked for, by its key; the number never changes.
    private readonly SortedDictionary<string, Mutant> _byKey = new(StringComparer.Ordinal);
    private readonly HashSet<int> _dropped = [];

    // How often the same change was seen in one pass over one file: it tells equal places of one member apart.
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    public IEnumerable<Mutant> Kept => _byKey.Values.Where(mutant => !_dropped.Contains(mutant.Id)).OrderBy(mutant => mutant.Id);

    public int Dropped => _dropped.Count;

    /// <summary>The highest number given.</summary>
    public int HighestId => _byKey.Count;

    /// <summary>Whether a file's mutants are asked for.</summary>
    public bool Wants(string file) => isWanted(file);

    public bool Drop(int id) => _dropped.Add(id);

    /// <summary>Begins a pass over a file.</summary>
    public void BeginFile() => _seen.Clear();

    /// <summary>The number of a mutant, or null if it is not asked for or does not compile.</summary>
    public int? Offer(string file, SyntaxNode place, MutantKind kind, string before, string after)
    {
        if (!isWanted(file))
        {
            return null;
        }

        var member = MemberOf(place);
        var identity = $"{file}|{member}|{kind}|{OneLine(before)}|{OneLine(after)}";
        var ordinal = _seen.GetValueOrDefault(identity);
        _seen[identity] = ordinal + 1;
        return Number(file, place, member, kind, before, after, $"{identity}|{ordinal}");
    }

    /// <summary>The number of a mutant that several places share because all of them use one declaration.</summary>
    public int? OfferShared(string file, SyntaxNode declaration, MutantKind kind, string before, string after) => isWanted(file)
        ? Number(file, declaration, MemberOf(declaration), kind, before, after, $"{file}|{MemberOf(declaration)}|{kind}|{OneLine(before)}|{OneLine(after)}|shared")
        : null;

    private int? Number(string file, SyntaxNode place, string member, MutantKind kind, string before, string after, string identity)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16];
        if (!isInSample(key))
        {
            return null;
        }

        if (!_byKey.TryGetValue(key, out var mutant))
        {
            var line = place.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            _byKey[key] = mutant = new Mutant(_byKey.Count + 1, key, file, line, member, kind, OneLine(before), OneLine(after));
        }

        return _dropped.Contains(mutant.Id) ? null : mutant.Id;
    }

    private static string MemberOf(SyntaxNode place)
    {
        var type = place.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.Text ?? "";
        var member = place.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not BaseTypeDeclarationSyntax) switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            PropertyDeclarationSyntax property => property.Identifier.Text,
            IndexerDeclarationSyntax => "this[]",
            OperatorDeclarationSyntax @operator => $"operator {@operator.OperatorToken.Text}",
            ConversionOperatorDeclarationSyntax => "conversion",
            BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            _ => null,
        };
        return member is null ? type : $"{type}.{member}";
    }

    private static string OneLine(string text) => Blanks().Replace(text.Trim(), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
