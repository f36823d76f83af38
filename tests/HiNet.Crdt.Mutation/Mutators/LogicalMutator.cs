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
        if (expression is BinaryExpressionSyntax binary && binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            yield return new Change(MutantKind.Logical, binary.Right.ToString(), (current, id) => Change(current, whole => whole.WithLeft(Ignored(whole, whole.Left, id))));
            yield return new Change(MutantKind.Logical, binary.Left.ToString(), (current, id) => Change(current, whole => whole.WithRight(Ignored(whole, whole.Right, id))));
        }
    }

    private static ExpressionSyntax Change(ExpressionSyntax current, Func<BinaryExpressionSyntax, BinaryExpressionSyntax> change) =>
        change((BinaryExpressionSyntax)current);

    private static ExpressionSyntax Ignored(BinaryExpressionSyntax binary, ExpressionSyntax operand, int id) => (binary.IsKind(SyntaxKind.LogicalAndExpression)
        ? Switch.Binary(SyntaxKind.LogicalOrExpression, operand, Switch.Is(id))
        : Switch.Binary(SyntaxKind.LogicalAndExpression, operand, Switch.IsNot(id))).WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id));
}
