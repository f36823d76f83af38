using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>
/// What is left as it is: what must be constant, what runs once before any mutant is on, and what nobody relies on, such as the words
/// of exceptions, marks, capacities and the checks of a programmer's mistakes.
/// </summary>
internal static class NotMutated
{
    private static readonly string[] s_programmersErrors =
        ["ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException", "InvalidOperationException", "UnreachableException", "NotSupportedException"];

    public static bool Contains(SyntaxNode node, SemanticModel model) => node switch
    {
        AttributeListSyntax or ParameterSyntax or EnumDeclarationSyntax or PatternSyntax or SwitchLabelSyntax or GotoStatementSyntax or UsingDirectiveSyntax => true,
        LocalDeclarationStatementSyntax local => local.IsConst,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword) || field.Modifiers.Any(SyntaxKind.StaticKeyword),
        PropertyDeclarationSyntax property => property.Initializer is not null && property.Modifiers.Any(SyntaxKind.StaticKeyword),
        ConstructorDeclarationSyntax constructor => constructor.Modifiers.Any(SyntaxKind.StaticKeyword),
        MethodDeclarationSyntax method => method.Identifier.Text is "GetHashCode" or "ToString",
        ThrowStatementSyntax or ThrowExpressionSyntax => true,
        InterpolatedStringExpressionSyntax => true,
        ObjectCreationExpressionSyntax creation => IsException(creation),
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } => IsCheckOrMark(call),
        ArrowExpressionClauseSyntax { Expression: InvocationExpressionSyntax call } => IsCheckOrMark(call),
        ArgumentSyntax argument => IsCapacity(argument, model),
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } } => true,
        _ => false,
    };

    /// <summary>Whether an exception of this kind says that the caller has not kept to the contract.</summary>
    public static bool IsProgrammersError(BaseObjectCreationExpressionSyntax creation) =>
        creation is ObjectCreationExpressionSyntax { Type: IdentifierNameSyntax name } && s_programmersErrors.Contains(name.Identifier.Text);

    private static bool IsException(ObjectCreationExpressionSyntax creation) =>
        creation.Type is IdentifierNameSyntax name && name.Identifier.Text.EndsWith("Exception", StringComparison.Ordinal);

    private static bool IsCheckOrMark(InvocationExpressionSyntax call) => call.Expression is MemberAccessExpressionSyntax member
        && (member.Name.Identifier.Text.StartsWith("ThrowIf", StringComparison.Ordinal)
            || (member.Name.Identifier.Text == "Hit" && call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax }])
            || member.Expression.ToString() is "Debug");

    private static bool IsCapacity(ArgumentSyntax argument, SemanticModel model) =>
        argument.Parent?.Parent is BaseObjectCreationExpressionSyntax creation
        && model.GetSymbolInfo(creation).Symbol is IMethodSymbol method
        && creation.ArgumentList!.Arguments.IndexOf(argument) is var index && index >= 0 && index < method.Parameters.Length
        && method.Parameters[index].Name is "capacity" or "initialCapacity";
}
