using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutants;

/// <summary>
/// The type that the instrumented copy asks which mutant is on, and the syntax of asking. Where a mutant makes a difference only
/// now and then, it is asked for only then: so a recording tells where it can matter, not only where it stands.
/// </summary>
internal static class Switch
{
    public const string TypeName = "HiNet.Crdt.Mutation.Switched.MutantSwitch";

    /// <summary>On the code that only one mutant runs: its number.</summary>
    public const string MutantAnnotation = "mutant";

    /// <summary>On a rewritten place: the numbers of its mutants.</summary>
    public const string PlaceAnnotation = "place";

    private const string Global = "global::" + TypeName;

    /// <summary>The source of the type, with room to record so many mutants.</summary>
    public static string SourceFor(int highestId) => $$"""
        namespace HiNet.Crdt.Mutation.Switched;

        public sealed class StepsExceededException : System.Exception;

        public static class MutantSwitch
        {
            public static readonly bool Recording = System.Environment.GetEnvironmentVariable("HINET_MUTATION_RECORDS") == "1";
            public static readonly byte[] Reached = new byte[{{(highestId + 1).ToString(CultureInfo.InvariantCulture)}}];
            public static int Active;
            public static long Steps;
            public static long StepLimit = long.MaxValue;

            public static bool Is(int id)
            {
                if (Recording)
                {
                    Reached[id] = 1;
                }

                return Active == id;
            }

            public static void Step()
            {
                if (++Steps > StepLimit)
                {
                    throw new StepsExceededException();
                }
            }

        {{Comparisons("int")}}{{Comparisons("uint")}}{{Comparisons("long")}}{{Comparisons("ulong")}}{{Comparisons("double")}}{{Comparisons("System.TimeSpan")}}{{Comparisons("System.DateTimeOffset")}}{{Comparisons("System.UInt128")}}
        }
        """;

    public static ExpressionSyntax Is(int id) => SyntaxFactory.ParseExpression(string.Create(CultureInfo.InvariantCulture, $"{Global}.Is({id})"));

    public static ExpressionSyntax IsNot(int id) => SyntaxFactory.PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, Is(id));

    /// <summary>Counts a turn of a loop, so that one without an end is found out.</summary>
    public static StatementSyntax Step() => SyntaxFactory.ParseStatement($"{Global}.Step();");

    /// <summary>A comparison that takes the equal case to the other side while the mutant is on.</summary>
    public static ExpressionSyntax Compare(string method, int id, ExpressionSyntax left, ExpressionSyntax right) => SyntaxFactory.InvocationExpression(
        SyntaxFactory.ParseExpression($"{Global}.{method}"),
        SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
        [
            SyntaxFactory.Argument(SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(id))),
            SyntaxFactory.Argument(left.WithoutTrivia()),
            SyntaxFactory.Argument(right.WithoutTrivia()),
        ])));

    /// <summary>The other expression while the mutant is on.</summary>
    public static ExpressionSyntax Choose(int id, ExpressionSyntax mutated, ExpressionSyntax otherwise) => Parenthesized(SyntaxFactory.ConditionalExpression(
        Is(id),
        Parenthesized(mutated).WithAdditionalAnnotations(Annotation(MutantAnnotation, id)),
        Parenthesized(otherwise)));

    /// <summary>The expression as one of this type, if the type has a name.</summary>
    public static ExpressionSyntax Typed(ExpressionSyntax expression, ITypeSymbol? type) => type is null or { IsAnonymousType: true } or { TypeKind: TypeKind.Error }
        ? expression
        : SyntaxFactory.CastExpression(SyntaxFactory.ParseTypeName(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)), expression);

    /// <summary>The opposite while the mutant is on.</summary>
    public static ExpressionSyntax Negate(int id, ExpressionSyntax expression) => Binary(SyntaxKind.ExclusiveOrExpression, expression, Is(id));

    public static ExpressionSyntax Binary(SyntaxKind kind, ExpressionSyntax left, ExpressionSyntax right) =>
        Parenthesized(SyntaxFactory.BinaryExpression(kind, Parenthesized(left), Parenthesized(right)));

    public static ExpressionSyntax Parenthesized(ExpressionSyntax expression) => SyntaxFactory.ParenthesizedExpression(expression.WithoutTrivia());

    public static SyntaxAnnotation Annotation(string kind, int id) => new(kind, id.ToString(CultureInfo.InvariantCulture));

    private static string Comparisons(string type) => string.Concat(
        Comparison("Less", "<", "", type), Comparison("LessOrEqual", "<", "!", type), Comparison("Greater", ">", "", type), Comparison("GreaterOrEqual", ">", "!", type));

    private static string Comparison(string method, string strict, string sign, string type) =>
        $"    public static bool {method}(int id, {type} a, {type} b) => a {strict} b || (a == b && {sign}Is(id));\n";
}
