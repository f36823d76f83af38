using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>
/// Rewrites one file so that each of its mutants can be switched on. The changed code is a copy of the place as it was, without the
/// switches of other mutants, for only one is on at a time.
/// </summary>
internal sealed partial class Rewriter : CSharpSyntaxRewriter
{
    private static readonly IExpressionMutator[] s_mutators =
    [
        new LogicalMutator(), new RelationalMutator(), new ConditionMutator(), new ArithmeticMutator(), new CallMutator(), new PatternMutator(), new InitializerMutator(),
    ];

    private readonly SemanticModel _model;
    private readonly MutantSet _mutants;
    private readonly NumberMutator _numbers;
    private readonly string _file;

    public Rewriter(SemanticModel model, MutantSet mutants, Func<SyntaxTree, string> fileOf)
    {
        _model = model;
        _mutants = mutants;
        _numbers = new NumberMutator(mutants, fileOf);
        _file = fileOf(model.SyntaxTree);
        mutants.BeginFile();
    }

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is null || NotMutated.Contains(node, _model))
        {
            return node;
        }

        return node is ExpressionSyntax expression && IsValue(expression) ? VisitValue(expression) : base.Visit(node);
    }

    private SyntaxNode? VisitValue(ExpressionSyntax expression)
    {
        if (NumberMutator.IsNumber(expression, _model))
        {
            return _numbers.RewriteNumber(expression, _model);
        }

        if (_numbers.RewriteUse(expression, _model) is { } use)
        {
            return use;
        }

        var rewritten = (ExpressionSyntax)base.Visit(expression)!;
        if (DeclaresNames(expression))
        {
            return Apply(expression, rewritten, s_mutators.SelectMany(mutator => mutator.ChangesTo(expression, _model)).Where(change => !Duplicates(change)));
        }

        return Apply(expression, rewritten, s_mutators.SelectMany(mutator => mutator.ChangesTo(expression, _model)));
    }

    private ExpressionSyntax Apply(ExpressionSyntax original, ExpressionSyntax rewritten, IEnumerable<Change> changes)
    {
        var current = rewritten;
        foreach (var change in changes)
        {
            if (_mutants.Offer(_file, original, change.Kind, change.Before ?? original.ToString(), change.After) is { } id)
            {
                current = change.Apply(current, id);
                if (change.Kind != MutantKind.Logical)
                {
                    current = current.WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id));
                }
            }
        }

        return ReferenceEquals(current, rewritten)
            ? rewritten
            : Switch.Parenthesized(current).WithLeadingTrivia(original.GetLeadingTrivia()).WithTrailingTrivia(original.GetTrailingTrivia());
    }

    // A copy of an expression that declares a variable would declare it twice.
    private static bool Duplicates(Change change) => change.Kind is not (MutantKind.Logical or MutantKind.Negation or MutantKind.Boolean or MutantKind.Initializer);

    private static bool DeclaresNames(SyntaxNode node) => node.DescendantNodes().Any(inner => inner is SingleVariableDesignationSyntax);

    // What stands where only a name, a type or a statement may stand, or in the middle of a chain of "?.", cannot be put in parentheses.
    private static bool IsValue(ExpressionSyntax expression) => expression.Parent switch
    {
        ExpressionStatementSyntax => false,
        MemberAccessExpressionSyntax member => member.Expression == expression && expression is not (IdentifierNameSyntax or TypeSyntax or BaseExpressionSyntax or ThisExpressionSyntax),
        InvocationExpressionSyntax call => call.Expression != expression,
        ConditionalAccessExpressionSyntax access => access.Expression == expression,
        AssignmentExpressionSyntax assignment => assignment.Right == expression,
        ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.RefKindKeyword.IsKind(SyntaxKind.InKeyword),
        ForStatementSyntax loop => loop.Condition == expression,
        NameEqualsSyntax or NameColonSyntax or QualifiedNameSyntax or AliasQualifiedNameSyntax or BaseTypeSyntax or TypeArgumentListSyntax => false,
        ArrowExpressionClauseSyntax arrow => arrow.Parent is not MethodDeclarationSyntax method || !IsVoid(method.ReturnType),
        PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax => !IsStep(expression.Parent),
        RefExpressionSyntax => false,
        InitializerExpressionSyntax initializer => initializer.Kind() is not (SyntaxKind.ObjectInitializerExpression or SyntaxKind.WithInitializerExpression),
        _ => true,
    } && expression is not (TypeSyntax and not IdentifierNameSyntax) and not (DeclarationExpressionSyntax or ThrowExpressionSyntax or InitializerExpressionSyntax or RefExpressionSyntax)
      && !IsBound(expression);

    private static bool IsStep(SyntaxNode? node) => node?.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression
        or SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression or SyntaxKind.AddressOfExpression;

    // Whether the expression begins with the member of a "?.".
    private static bool IsBound(ExpressionSyntax expression)
    {
        for (var left = expression; ;)
        {
            switch (left)
            {
                case MemberBindingExpressionSyntax or ElementBindingExpressionSyntax:
                    return true;
                case MemberAccessExpressionSyntax member:
                    left = member.Expression;
                    break;
                case InvocationExpressionSyntax call:
                    left = call.Expression;
                    break;
                case ElementAccessExpressionSyntax element:
                    left = element.Expression;
                    break;
                default:
                    return false;
            }
        }
    }

    private static bool IsVoid(TypeSyntax type) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
}
