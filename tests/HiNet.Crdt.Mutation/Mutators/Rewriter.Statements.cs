using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

internal sealed partial class Rewriter
{
    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        var rewritten = (StatementSyntax)base.VisitExpressionStatement(node)!;
        return DeclaresNames(node) || node.Expression is not (InvocationExpressionSyntax or AssignmentExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or ConditionalAccessExpressionSyntax)
            ? rewritten
            : Alternatives(node, node.Expression, rewritten);
    }

    public override SyntaxNode? VisitYieldStatement(YieldStatementSyntax node)
    {
        var rewritten = (StatementSyntax)base.VisitYieldStatement(node)!;
        return node.Expression is null || DeclaresNames(node) ? rewritten : Dropped(node, rewritten);
    }

    // A method that is one expression and returns nothing is a block of one statement.
    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        var rewritten = (MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!;
        if (node.ExpressionBody is not { } body || !IsVoid(node.ReturnType) || DeclaresNames(body) || body.Expression is ThrowExpressionSyntax || NotMutated.Contains(body, _model))
        {
            return rewritten;
        }

        var statement = Alternatives(body.Expression, body.Expression, SyntaxFactory.ExpressionStatement(rewritten.ExpressionBody!.Expression));
        return rewritten.WithExpressionBody(null).WithSemicolonToken(default).WithBody(SyntaxFactory.Block(statement));
    }

    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node)
    {
        var rewritten = (IfStatementSyntax)base.VisitIfStatement(node)!;
        if (node.Else is not null || !LeavesEarly(node.Statement)
            || _mutants.Offer(_file, node, MutantKind.Guard, $"if ({node.Condition}) {node.Statement}", "nothing") is not { } id)
        {
            return rewritten;
        }

        var condition = Switch.Binary(SyntaxKind.LogicalAndExpression, rewritten.Condition, Switch.IsNot(id));
        return rewritten.WithCondition(condition.WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id)));
    }

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node)
    {
        var rewritten = (WhileStatementSyntax)base.VisitWhileStatement(node)!;
        return rewritten.WithStatement(Counted(rewritten.Statement));
    }

    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node)
    {
        var rewritten = (DoStatementSyntax)base.VisitDoStatement(node)!;
        return rewritten.WithStatement(Counted(rewritten.Statement));
    }

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node)
    {
        var rewritten = (ForStatementSyntax)base.VisitForStatement(node)!;
        return rewritten.WithStatement(Counted(rewritten.Statement));
    }

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node)
    {
        var rewritten = (ForEachStatementSyntax)base.VisitForEachStatement(node)!;
        return rewritten.WithStatement(Counted(rewritten.Statement));
    }

    private static BlockSyntax Counted(StatementSyntax body) => SyntaxFactory.Block(Switch.Step(), body);

    // The statement left out, with another operator, with arguments exchanged.
    private StatementSyntax Alternatives(SyntaxNode place, ExpressionSyntax expression, StatementSyntax rewritten)
    {
        var current = rewritten;
        foreach (var exchanged in CallMutator.Exchanges(expression, _model))
        {
            current = Otherwise(place, MutantKind.Arguments, exchanged, exchanged.ToString(), current);
        }

        if (ArithmeticMutator.OtherAssignment(expression, _model) is { } other)
        {
            current = Otherwise(place, MutantKind.Arithmetic, other.Mutated, other.After, current);
        }

        return Dropped(place, current);
    }

    private StatementSyntax Otherwise(SyntaxNode place, MutantKind kind, ExpressionSyntax mutated, string after, StatementSyntax current)
    {
        if (_mutants.Offer(_file, place, kind, place.ToString(), after) is not { } id)
        {
            return current;
        }

        var changed = SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(mutated.WithoutTrivia())).WithAdditionalAnnotations(Switch.Annotation(Switch.MutantAnnotation, id));
        return SyntaxFactory.IfStatement(Switch.Is(id), changed, SyntaxFactory.ElseClause(SyntaxFactory.Block(current)))
            .WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id));
    }

    private StatementSyntax Dropped(SyntaxNode place, StatementSyntax current) =>
        _mutants.Offer(_file, place, MutantKind.Statement, place.ToString(), "nothing") is { } id
            ? SyntaxFactory.IfStatement(Switch.IsNot(id), SyntaxFactory.Block(current)).WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id))
            : current;

    // Throwing for what only a programmer's mistake can bring about is no behaviour that anyone relies on.
    private static bool LeavesEarly(StatementSyntax body) => (body is BlockSyntax block ? block.Statements.LastOrDefault() : body) switch
    {
        ReturnStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax or YieldStatementSyntax { Expression: null } => true,
        ThrowStatementSyntax { Expression: BaseObjectCreationExpressionSyntax creation } => !NotMutated.IsProgrammersError(creation),
        ThrowStatementSyntax => true,
        _ => false,
    };
}
