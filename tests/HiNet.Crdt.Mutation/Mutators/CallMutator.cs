using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>Calls the opposite method, leaves a step out of a chain of calls, exchanges neighbouring arguments, ignores the left of <c>??</c>.</summary>
internal sealed class CallMutator : IExpressionMutator
{
    private static readonly Dictionary<string, string> s_opposites = Both(
        ("Min", "Max"), ("MinBy", "MaxBy"), ("First", "Last"), ("FirstOrDefault", "LastOrDefault"), ("Any", "All"), ("StartsWith", "EndsWith"),
        ("OrderBy", "OrderByDescending"), ("Order", "OrderDescending"), ("ThenBy", "ThenByDescending"), ("TakeLast", "Take"), ("IndexOf", "LastIndexOf"));

    private static readonly string[] s_steps = ["Where", "Distinct", "Skip", "Take", "Reverse", "Order", "OrderBy", "OrderDescending", "OrderByDescending", "TakeWhile", "SkipWhile"];

    private static readonly string[] s_symmetric = ["Min", "Max", "Equals", "ReferenceEquals", "SequenceEqual", "FixedTimeEquals", "Swap"];

    public IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model)
    {
        if (expression is BinaryExpressionSyntax coalescing && coalescing.IsKind(SyntaxKind.CoalesceExpression) && coalescing.Right is not ThrowExpressionSyntax)
        {
            return Ignored(coalescing, model);
        }

        // A method without parameters on a collection of .NET may be a property there.
        if (expression is MemberAccessExpressionSyntax { Parent: not InvocationExpressionSyntax } property && model.GetSymbolInfo(property).Symbol is IPropertySymbol { ContainingNamespace: { } space })
        {
            return IsOurs(space) ? [] : Renamed(property, renamed => renamed, model.GetTypeInfo(property).Type);
        }

        return expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call && model.GetSymbolInfo(call).Symbol is IMethodSymbol method
            ? [.. IsOurs(method.ContainingNamespace) ? [] : Chained(call, member, method), .. Exchanged(call, model)]
            : Exchanged(expression, model);
    }

    /// <summary>The calls in which two neighbouring arguments of one type have changed places, at most two of them.</summary>
    public static IEnumerable<ExpressionSyntax> Exchanges(ExpressionSyntax expression, SemanticModel model)
    {
        var list = expression switch
        {
            InvocationExpressionSyntax call => call.ArgumentList,
            BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
            _ => null,
        };
        if (list is null || list.Arguments.Count < 2 || model.GetSymbolInfo(expression).Symbol is not IMethodSymbol method || s_symmetric.Contains(method.Name))
        {
            yield break;
        }

        var found = 0;
        for (var i = 0; i + 1 < list.Arguments.Count && i + 1 < method.Parameters.Length && found < 2; i++)
        {
            var (first, second) = (list.Arguments[i], list.Arguments[i + 1]);
            if (CanExchange(first, second) && SymbolEqualityComparer.Default.Equals(method.Parameters[i].Type, method.Parameters[i + 1].Type))
            {
                found++;
                var arguments = list.Arguments.Replace(first, second.WithTriviaFrom(first));
                arguments = arguments.Replace(arguments[i + 1], first.WithTriviaFrom(second));
                yield return expression.ReplaceNode(list, list.WithArguments(arguments));
            }
        }
    }

    private static IEnumerable<Change> Exchanged(ExpressionSyntax expression, SemanticModel model) =>
        Exchanges(expression, model).Select(call => Change.To(MutantKind.Arguments, call, model.GetTypeInfo(expression).Type));

    private static bool CanExchange(ArgumentSyntax first, ArgumentSyntax second) =>
        first.NameColon is null && second.NameColon is null && first.RefKindKeyword.IsKind(SyntaxKind.None) && second.RefKindKeyword.IsKind(SyntaxKind.None)
        && first.ToString() != second.ToString();

    private static IEnumerable<Change> Ignored(BinaryExpressionSyntax coalescing, SemanticModel model)
    {
        var type = model.GetTypeInfo(coalescing).Type;
        if (type is not null)
        {
            yield return Change.To(MutantKind.Coalescing, coalescing.Right, type);
        }
    }

    private static IEnumerable<Change> Chained(InvocationExpressionSyntax call, MemberAccessExpressionSyntax member, IMethodSymbol method)
    {
        foreach (var change in Renamed(member, renamed => call.WithExpression(renamed), method.ReturnType))
        {
            yield return change;
        }

        if (method.IsExtensionMethod && s_steps.Contains(method.Name) && method.ReducedFrom is not null)
        {
            // What is left may be a list where a sequence was: it is passed on as the sequence.
            var sequence = method.ReturnType is INamedTypeSymbol { TypeArguments: [var element] }
                ? $"global::System.Collections.Generic.IEnumerable<{element.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}>"
                : method.ReturnType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
            var mutated = SyntaxFactory.CastExpression(SyntaxFactory.ParseTypeName(sequence), Switch.Parenthesized(member.Expression));
            yield return Change.To(MutantKind.Call, mutated, null, member.Expression.ToString());
        }
    }

    private static IEnumerable<Change> Renamed(MemberAccessExpressionSyntax member, Func<ExpressionSyntax, ExpressionSyntax> rebuild, ITypeSymbol? type)
    {
        if (member.Name is IdentifierNameSyntax && s_opposites.TryGetValue(member.Name.Identifier.Text, out var opposite))
        {
            var mutated = rebuild(member.WithName(SyntaxFactory.IdentifierName(opposite)));
            yield return Change.To(MutantKind.Call, mutated, type);
        }
    }

    private static bool IsOurs(INamespaceSymbol? space) => space is null || space.ToDisplayString().StartsWith("HiNet.", StringComparison.Ordinal);

    private static Dictionary<string, string> Both(params (string One, string Other)[] pairs) =>
        pairs.SelectMany(pair => new[] { pair, (pair.Other, pair.One) }).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
}
