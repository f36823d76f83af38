using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>Forgets a property that an initializer sets: its value becomes the type's default.</summary>
internal sealed class InitializerMutator : IExpressionMutator
{
    public IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model)
    {
        if (expression.Parent is not AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax initializer } assignment
            || assignment.Right != expression
            || initializer.Kind() is not (SyntaxKind.ObjectInitializerExpression or SyntaxKind.WithInitializerExpression)
            || expression is InitializerExpressionSyntax or CollectionExpressionSyntax
            || model.GetConstantValue(expression).HasValue
            || model.GetTypeInfo(expression).ConvertedType is not { } type
            || type.TypeKind == TypeKind.Error)
        {
            yield break;
        }

        var mutated = SyntaxFactory.ParseExpression($"default({type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)})!");
        yield return Change.To(MutantKind.Initializer, mutated, null, "default");
    }
}
