using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>Turns conditions round that are no comparisons, takes away a <c>!</c>, and flips true and false.</summary>
internal sealed class ConditionMutator : IExpressionMutator
{
    public IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model)
    {
        switch (expression)
        {
            case PrefixUnaryExpressionSyntax not when not.IsKind(SyntaxKind.LogicalNotExpression):
                yield return new Change(MutantKind.Negation, not.Operand.ToString(), (current, id) => Switch.Negate(id, current));
                break;
            case LiteralExpressionSyntax literal when literal.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression:
                var opposite = literal.IsKind(SyntaxKind.TrueLiteralExpression) ? "false" : "true";
                yield return new Change(MutantKind.Boolean, opposite, (current, id) => Switch.Negate(id, current));
                break;
            case InvocationExpressionSyntax or MemberAccessExpressionSyntax or IdentifierNameSyntax or IsPatternExpressionSyntax
                when IsCondition(expression) && model.GetTypeInfo(expression).Type?.SpecialType == SpecialType.System_Boolean:
                yield return new Change(MutantKind.Negation, $"!({expression})", (current, id) => Switch.Negate(id, current));
                break;
            default:
                break;
        }
    }

    private static bool IsCondition(ExpressionSyntax expression) => expression.Parent switch
    {
        IfStatementSyntax branch => branch.Condition == expression,
        ConditionalExpressionSyntax conditional => conditional.Condition == expression,
        _ => false,
    };
}
