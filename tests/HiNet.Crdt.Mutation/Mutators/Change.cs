using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>One way to change an expression.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="After">The changed source.</param>
/// <param name="Apply">Puts the change, behind the switch with this number, into the expression as it has been rewritten so far.</param>
internal sealed record Change(MutantKind Kind, string After, Func<ExpressionSyntax, int, ExpressionSyntax> Apply)
{
    /// <summary>The source that is changed, where that is less than the whole expression.</summary>
    public string? Before { get; init; }

    /// <summary>A change that replaces the whole expression, which keeps its type, so that the call around it finds the same overload.</summary>
    public static Change To(MutantKind kind, ExpressionSyntax mutated, ITypeSymbol? type, string? after = null) =>
        new(kind, after ?? mutated.ToString(), (current, id) => Switch.Typed(Switch.Choose(id, mutated, current), type));
}
