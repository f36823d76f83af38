using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>Moves the bounds of patterns such as <c>is &gt; 0 and &lt;= 16</c>.</summary>
internal sealed class PatternMutator : IExpressionMutator
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind> s_boundaries = new()
    {
        [SyntaxKind.LessThanToken] = SyntaxKind.LessThanEqualsToken,
        [SyntaxKind.LessThanEqualsToken] = SyntaxKind.LessThanToken,
        [SyntaxKind.GreaterThanToken] = SyntaxKind.GreaterThanEqualsToken,
        [SyntaxKind.GreaterThanEqualsToken] = SyntaxKind.GreaterThanToken,
    };

    public IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model) => expression is IsPatternExpressionSyntax test
        ? test.Pattern.DescendantNodesAndSelf().OfType<RelationalPatternSyntax>()
            .Select(pattern => Change.To(MutantKind.Boundary, test.ReplaceNode(pattern, Moved(pattern)), null))
        : [];

    private static RelationalPatternSyntax Moved(RelationalPatternSyntax pattern) =>
        pattern.WithOperatorToken(SyntaxFactory.Token(s_boundaries[pattern.OperatorToken.Kind()]).WithTriviaFrom(pattern.OperatorToken));
}
