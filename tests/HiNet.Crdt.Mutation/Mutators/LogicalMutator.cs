using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>
/// Lets either operand of <c>&amp;&amp;</c> and <c>||</c> count no longer. Exchanging the two operators would be noticed by every test that
/// notices this, and by more.
/// </summary>
internal sealed class LogicalMutator : IExpressionMutator
{
    public IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model)
    {
        if (expression is not BinaryExpressionSyntax binary || binary.Kind() is not (SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression))
        {
            yield break;
        }

        var ignored = binary.IsKind(SyntaxKind.LogicalAndExpression) ? "true" : "false";

        // Of a chain each operand is left out by itself, not all at once.
        if (!binary.Left.IsKind(binary.Kind()))
        {
            yield return new Change(MutantKind.Logical, ignored, (current, id) => Change(current, whole => whole.WithLeft(Ignored(whole, whole.Left, id)))) { Before = binary.Left.ToString() };
        }

        yield return new Change(MutantKind.Logical, ignored, (current, id) => Change(current, whole => whole.WithRight(Ignored(whole, whole.Right, id)))) { Before = binary.Right.ToString() };
    }

    private static ExpressionSyntax Change(ExpressionSyntax current, Func<BinaryExpressionSyntax, BinaryExpressionSyntax> change) =>
        change((BinaryExpressionSyntax)current);

    private static ExpressionSyntax Ignored(BinaryExpressionSyntax binary, ExpressionSyntax operand, int id) => (binary.IsKind(SyntaxKind.LogicalAndExpression)
        ? Switch.Binary(SyntaxKind.LogicalOrExpression, operand, Switch.Is(id))
        : Switch.Binary(SyntaxKind.LogicalAndExpression, operand, Switch.IsNot(id))).WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id));
}
