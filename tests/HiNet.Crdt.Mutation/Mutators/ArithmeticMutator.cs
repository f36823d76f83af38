using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>Exchanges operators of arithmetic and of bits, and the steps up and down.</summary>
internal sealed class ArithmeticMutator : IExpressionMutator
{
    private static readonly Dictionary<SyntaxKind, (SyntaxKind Kind, string Text)> s_binary = new()
    {
        [SyntaxKind.AddExpression] = (SyntaxKind.SubtractExpression, "-"),
        [SyntaxKind.SubtractExpression] = (SyntaxKind.AddExpression, "+"),
        [SyntaxKind.MultiplyExpression] = (SyntaxKind.DivideExpression, "/"),
        [SyntaxKind.DivideExpression] = (SyntaxKind.MultiplyExpression, "*"),
        [SyntaxKind.ModuloExpression] = (SyntaxKind.DivideExpression, "/"),
        [SyntaxKind.LeftShiftExpression] = (SyntaxKind.RightShiftExpression, ">>"),
        [SyntaxKind.RightShiftExpression] = (SyntaxKind.LeftShiftExpression, "<<"),
        [SyntaxKind.BitwiseAndExpression] = (SyntaxKind.BitwiseOrExpression, "|"),
        [SyntaxKind.BitwiseOrExpression] = (SyntaxKind.BitwiseAndExpression, "&"),
        [SyntaxKind.ExclusiveOrExpression] = (SyntaxKind.BitwiseAndExpression, "&"),
    };

    private static readonly Dictionary<SyntaxKind, (SyntaxKind Kind, string Text)> s_steps = new()
    {
        [SyntaxKind.PreIncrementExpression] = (SyntaxKind.PreDecrementExpression, "--"),
        [SyntaxKind.PreDecrementExpression] = (SyntaxKind.PreIncrementExpression, "++"),
        [SyntaxKind.PostIncrementExpression] = (SyntaxKind.PostDecrementExpression, "--"),
        [SyntaxKind.PostDecrementExpression] = (SyntaxKind.PostIncrementExpression, "++"),
    };

    private static readonly Dictionary<SyntaxKind, (SyntaxKind Kind, string Text)> s_assignments = new()
    {
        [SyntaxKind.AddAssignmentExpression] = (SyntaxKind.SubtractAssignmentExpression, "-="),
        [SyntaxKind.SubtractAssignmentExpression] = (SyntaxKind.AddAssignmentExpression, "+="),
        [SyntaxKind.MultiplyAssignmentExpression] = (SyntaxKind.DivideAssignmentExpression, "/="),
        [SyntaxKind.DivideAssignmentExpression] = (SyntaxKind.MultiplyAssignmentExpression, "*="),
        [SyntaxKind.OrAssignmentExpression] = (SyntaxKind.AndAssignmentExpression, "&="),
        [SyntaxKind.AndAssignmentExpression] = (SyntaxKind.OrAssignmentExpression, "|="),
        [SyntaxKind.LeftShiftAssignmentExpression] = (SyntaxKind.RightShiftAssignmentExpression, ">>="),
        [SyntaxKind.RightShiftAssignmentExpression] = (SyntaxKind.LeftShiftAssignmentExpression, "<<="),
    };

    public IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model)
    {
        var type = model.GetTypeInfo(expression).Type;
        if (IsText(type))
        {
            yield break;
        }

        switch (expression)
        {
            case BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) && model.GetTypeInfo(sum.Right).Type?.ToDisplayString() == "System.TimeSpan":
                var back = SyntaxFactory.PrefixUnaryExpression(SyntaxKind.UnaryMinusExpression, Switch.Parenthesized(sum.Right));
                yield return Change.To(MutantKind.Arithmetic, SyntaxFactory.BinaryExpression(SyntaxKind.AddExpression, sum.Left, Switch.Parenthesized(back)), type, $"{sum.Left} - {sum.Right}");
                break;
            case BinaryExpressionSyntax binary when s_binary.TryGetValue(binary.Kind(), out var other):
                yield return Change.To(MutantKind.Arithmetic, SyntaxFactory.BinaryExpression(other.Kind, binary.Left, binary.Right), type, $"{binary.Left} {other.Text} {binary.Right}");
                break;
            case PrefixUnaryExpressionSyntax prefix when s_steps.TryGetValue(prefix.Kind(), out var other):
                yield return Change.To(MutantKind.Arithmetic, SyntaxFactory.PrefixUnaryExpression(other.Kind, prefix.Operand), type, other.Text + prefix.Operand);
                break;
            case PostfixUnaryExpressionSyntax postfix when s_steps.TryGetValue(postfix.Kind(), out var other):
                yield return Change.To(MutantKind.Arithmetic, SyntaxFactory.PostfixUnaryExpression(other.Kind, postfix.Operand), type, postfix.Operand + other.Text);
                break;
            case PrefixUnaryExpressionSyntax minus when minus.IsKind(SyntaxKind.UnaryMinusExpression):
                yield return Change.To(MutantKind.Arithmetic, minus.Operand, type);
                break;
            default:
                break;
        }
    }

    /// <summary>The statement with the other operator, or null where there is none.</summary>
    public static (ExpressionSyntax Mutated, string After)? OtherAssignment(ExpressionSyntax expression, SemanticModel model) =>
        expression is AssignmentExpressionSyntax assignment
        && s_assignments.TryGetValue(assignment.Kind(), out var other)
        && !IsText(model.GetTypeInfo(assignment.Left).Type)
        && model.GetTypeInfo(assignment.Left).Type?.TypeKind != TypeKind.Delegate
            ? (SyntaxFactory.AssignmentExpression(other.Kind, assignment.Left, assignment.Right), $"{assignment.Left} {other.Text} {assignment.Right}")
            : null;

    private static bool IsText(ITypeSymbol? type) => type is null || type.SpecialType is SpecialType.System_String;
}
