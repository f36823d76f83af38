using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>Moves the bounds of comparisons by the equal case, and turns comparisons and tests for equality round.</summary>
internal sealed class RelationalMutator : IExpressionMutator
{
    private static readonly Dictionary<SyntaxKind, (string Method, string Boundary, SyntaxKind BoundaryKind, string Negation)> s_relations = new()
    {
        [SyntaxKind.LessThanExpression] = ("Less", "<=", SyntaxKind.LessThanOrEqualExpression, ">="),
        [SyntaxKind.LessThanOrEqualExpression] = ("LessOrEqual", "<", SyntaxKind.LessThanExpression, ">"),
        [SyntaxKind.GreaterThanExpression] = ("Greater", ">=", SyntaxKind.GreaterThanOrEqualExpression, "<="),
        [SyntaxKind.GreaterThanOrEqualExpression] = ("GreaterOrEqual", ">", SyntaxKind.GreaterThanExpression, "<"),
    };

    // Types for which the switch compares both operands once; numbers that fit an int are compared as such.
    private static readonly string[] s_compared =
        ["byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "double", "System.TimeSpan", "System.DateTimeOffset", "System.UInt128"];

    public IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model)
    {
        if (expression is not BinaryExpressionSyntax binary)
        {
            yield break;
        }

        if (binary.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression)
        {
            var opposite = binary.IsKind(SyntaxKind.EqualsExpression) ? "!=" : "==";
            yield return new Change(MutantKind.Negation, With(binary, opposite), (current, id) => Switch.Negate(id, current));
        }
        else if (s_relations.TryGetValue(binary.Kind(), out var relation))
        {
            var isCompared = IsCompared(model.GetTypeInfo(binary.Left)) && IsCompared(model.GetTypeInfo(binary.Right));
            yield return isCompared
                ? new Change(MutantKind.Boundary, With(binary, relation.Boundary), (current, id) => Compare(relation.Method, (BinaryExpressionSyntax)current, id))
                : Change.To(MutantKind.Boundary, SyntaxFactory.BinaryExpression(relation.BoundaryKind, binary.Left, binary.Right), null, With(binary, relation.Boundary));
            yield return new Change(MutantKind.Negation, With(binary, relation.Negation), (current, id) => Switch.Negate(id, current));
        }
    }

    private static ExpressionSyntax Compare(string method, BinaryExpressionSyntax comparison, int id) => Switch.Compare(method, id, comparison.Left, comparison.Right);

    private static bool IsCompared(TypeInfo operand) => operand.Type is { } type && s_compared.Contains(type.ToDisplayString());

    private static string With(BinaryExpressionSyntax binary, string operatorText) => $"{binary.Left} {operatorText} {binary.Right}";
}
