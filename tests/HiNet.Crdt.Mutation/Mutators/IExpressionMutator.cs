using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>Knows some ways to change some expressions.</summary>
internal interface IExpressionMutator
{
    /// <summary>The changes to one expression, not to those within it. They are applied one around the other, in this order.</summary>
    IEnumerable<Change> ChangesTo(ExpressionSyntax expression, SemanticModel model);
}
