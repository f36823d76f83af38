using System.Globalization;
using System.Text.RegularExpressions;
using HiNet.Crdt.Mutation.Mutators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutants;

/// <summary>
/// One assembly with every mutant in it, each behind a switch. Mutants that do not compile are found by the compiler's errors and left
/// out, until there are none.
/// </summary>
internal sealed partial class InstrumentedCopy
{
    private const int MostRounds = 40;

    private readonly MutatedProject _project;
    private readonly MutantSet _mutants;
    private readonly Dictionary<SyntaxTree, string> _files;
    private readonly Dictionary<SyntaxTree, SyntaxTree> _rewritten = [];

    private InstrumentedCopy(MutatedProject project, MutantSet mutants)
    {
        _project = project;
        _mutants = mutants;
        _files = project.Sources.ToDictionary(source => source.Tree, source => source.File);
    }

    /// <summary>Compiles the copy, writes it to a file, and returns its mutants.</summary>
    /// <exception cref="InvalidOperationException">The copy does not compile for a reason that no mutant explains.</exception>
    public static IReadOnlyList<Mutant> Write(MutatedProject project, MutantSet mutants, string path)
    {
        var copy = new InstrumentedCopy(project, mutants);
        copy.RewriteAll();
        var compilation = copy.Compile();
        var errors = Errors(compilation.GetDiagnostics());
        for (var round = 1; round <= MostRounds; round++)
        {
            if (errors.Count == 0)
            {
                using var assembly = new MemoryStream();
                errors = Errors(compilation.Emit(assembly).Diagnostics);
                if (errors.Count == 0)
                {
                    File.WriteAllBytes(path, assembly.ToArray());
                    return [.. mutants.Kept];
                }
            }

            // Only what was rewritten again can have errors again.
            var touched = copy.Drop(errors);
            compilation = copy.Compile();
            errors = [.. touched.SelectMany(tree => Errors(compilation.GetSemanticModel(copy._rewritten[tree]).GetDiagnostics()))];
        }

        throw new InvalidOperationException($"After {MostRounds} rounds the instrumented copy still does not compile.");
    }

    private static List<Diagnostic> Errors(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    // A file whose mutants are not asked for is rewritten only if it may use a constant of one whose mutants are.
    private void RewriteAll()
    {
        var wanted = _project.Sources.Where(source => _mutants.Wants(source.File)).ToList();
        var constants = wanted.SelectMany(source => source.Tree.GetRoot().DescendantNodes()).OfType<FieldDeclarationSyntax>()
            .Where(field => field.Modifiers.Any(SyntaxKind.ConstKeyword) || field.Modifiers.Any(SyntaxKind.StaticKeyword))
            .SelectMany(field => field.Declaration.Variables)
            .Select(variable => variable.Identifier.Text)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (file, tree) in _project.Sources)
        {
            if (_mutants.Wants(file) || tree.GetRoot().DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && constants.Contains(token.Text)))
            {
                Rewrite(tree);
            }
        }
    }

    private CSharpCompilation Compile()
    {
        var compilation = _project.Compilation;
        foreach (var (tree, rewritten) in _rewritten)
        {
            compilation = compilation.ReplaceSyntaxTree(tree, rewritten);
        }

        return compilation.AddSyntaxTrees(MutatedProject.Tree(Switch.SourceFor(_mutants.HighestId), "MutantSwitch.cs"));
    }

    private void Rewrite(SyntaxTree tree)
    {
        var root = new Rewriter(_project.Compilation.GetSemanticModel(tree), _mutants, declared => _files.GetValueOrDefault(declared, "")).Visit(tree.GetRoot())!;
        _rewritten[tree] = tree.WithRootAndOptions(root, tree.Options);
    }

    private HashSet<SyntaxTree> Drop(List<Diagnostic> errors)
    {
        var originals = _rewritten.ToDictionary(pair => pair.Value, pair => pair.Key);
        HashSet<SyntaxTree> touched = [];
        foreach (var error in errors)
        {
            if (error.Location.SourceTree is not { } tree || !originals.TryGetValue(tree, out var original))
            {
                throw new InvalidOperationException($"The instrumented copy does not compile: {error.GetMessage(CultureInfo.InvariantCulture)}");
            }

            var culprits = Culprits(tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true), error);
            culprits.ForEach(id => _mutants.Drop(id));
            if (culprits.Count > 0 || touched.Contains(original))
            {
                touched.Add(original);
            }
            else
            {
                throw new InvalidOperationException(
                    $"The instrumented copy does not compile at {_files[original]}: {error.GetMessage(CultureInfo.InvariantCulture)}");
            }
        }

        foreach (var tree in touched)
        {
            Rewrite(tree);
        }

        return touched;
    }

    // Those that take a value from a variable that the error names; else the mutant whose own code is wrong; else those around the
    // error; else all of the member.
    private static List<int> Culprits(SyntaxNode at, Diagnostic error)
    {
        SyntaxNode member = at.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? at;
        var places = member.DescendantNodesAndSelf().Where(node => node.HasAnnotations(Switch.PlaceAnnotation)).ToList();
        if (error.Id is "CS0165" or "CS0170" or "CS0177" or "CS0269" or "CS0103" or "CS0128" or "CS0136")
        {
            var names = QuotedName().Matches(error.GetMessage(CultureInfo.InvariantCulture)).Select(match => match.Groups[1].Value).ToHashSet();
            var involved = places.Where(place => Gives(place, names)).SelectMany(place => Ids(place, Switch.PlaceAnnotation)).ToList();
            if (involved.Count > 0)
            {
                return involved;
            }
        }

        var own = at.AncestorsAndSelf().SelectMany(node => Ids(node, Switch.MutantAnnotation)).Take(1).ToList();
        if (own.Count > 0)
        {
            return own;
        }

        if (error.Id is "CS0161" or "CS8070" or "CS0163" or "CS1643")
        {
            var leaving = places.Where(place => place is StatementSyntax && place.DescendantNodes().Any(node => node is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax))
                .SelectMany(place => Ids(place, Switch.PlaceAnnotation)).ToList();
            if (leaving.Count > 0)
            {
                return leaving;
            }
        }

        var around = at.AncestorsAndSelf().TakeWhile(node => node != member).Select(node => Ids(node, Switch.PlaceAnnotation).ToList()).FirstOrDefault(ids => ids.Count > 0);
        return around ?? [.. places.SelectMany(place => Ids(place, Switch.PlaceAnnotation))];
    }

    private static bool Gives(SyntaxNode place, HashSet<string> names) => place.DescendantNodes().Any(node => node switch
    {
        SingleVariableDesignationSyntax designation => names.Contains(designation.Identifier.Text),
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } => names.Contains(name.Identifier.Text),
        ArgumentSyntax { Expression: IdentifierNameSyntax name } argument => argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword) && names.Contains(name.Identifier.Text),
        _ => false,
    });

    private static IEnumerable<int> Ids(SyntaxNode node, string kind) => node.GetAnnotations(kind).Select(annotation => int.Parse(annotation.Data!, CultureInfo.InvariantCulture));

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedName();
}
