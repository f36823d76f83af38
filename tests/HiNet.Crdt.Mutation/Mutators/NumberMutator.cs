using System.Globalization;
using HiNet.Crdt.Mutation.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HiNet.Crdt.Mutation.Mutators;

/// <summary>
/// Makes numbers one more and one less, and spans of time ten times as long. A constant of the project has the same mutants wherever
/// it is used, because it is one bound.
/// </summary>
/// <param name="mutants">Takes the mutants.</param>
/// <param name="fileOf">The file of a declaration, relative to the project.</param>
internal sealed class NumberMutator(MutantSet mutants, Func<SyntaxTree, string> fileOf)
{
    private const int TimeFactor = 10;

    private static readonly Dictionary<SpecialType, (string Name, string Suffix)> s_types = new()
    {
        [SpecialType.System_Byte] = ("byte", ""),
        [SpecialType.System_SByte] = ("sbyte", ""),
        [SpecialType.System_Int16] = ("short", ""),
        [SpecialType.System_UInt16] = ("ushort", ""),
        [SpecialType.System_Int32] = ("int", ""),
        [SpecialType.System_UInt32] = ("uint", "u"),
        [SpecialType.System_Int64] = ("long", "L"),
        [SpecialType.System_UInt64] = ("ulong", "ul"),
    };

    /// <summary>Whether the expression is a number written in the source, of literals alone.</summary>
    public static bool IsNumber(ExpressionSyntax expression, SemanticModel model) =>
        expression is LiteralExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax
        && model.GetConstantValue(expression).HasValue
        && model.GetTypeInfo(expression).Type is { } type && s_types.ContainsKey(type.SpecialType)
        && model.GetTypeInfo(expression).ConvertedType is { TypeKind: not TypeKind.Enum }
        && !expression.DescendantNodesAndSelf().Any(node => node is not (LiteralExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or ParenthesizedExpressionSyntax));

    /// <summary>A number of the source with its mutants.</summary>
    public ExpressionSyntax RewriteNumber(ExpressionSyntax number, SemanticModel model)
    {
        var value = Convert.ToDecimal(model.GetConstantValue(number).Value, CultureInfo.InvariantCulture);
        var info = model.GetTypeInfo(number);
        var type = info.ConvertedType is { } converted && s_types.ContainsKey(converted.SpecialType) ? converted.SpecialType : info.Type!.SpecialType;
        var file = fileOf(number.SyntaxTree);
        var context = ContextOf(number);
        ExpressionSyntax current = number.WithoutTrivia();
        foreach (var mutated in Neighbours(value, number))
        {
            if (mutants.Offer(file, number, MutantKind.Number, context, Replaced(context, number, mutated)) is { } id)
            {
                current = Switch.Choose(id, Literal(mutated, type), current).WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id));
            }
        }

        if (!current.HasAnnotations(Switch.PlaceAnnotation))
        {
            return number;
        }

        // A literal becomes this type by itself, an expression must be told to.
        var whole = Cast(type, current);
        return info.ConvertedType?.ToDisplayString() == "System.UInt128" ? SyntaxFactory.CastExpression(SyntaxFactory.ParseTypeName("System.UInt128"), whole) : whole;
    }

    /// <summary>A use of a constant of the project with the constant's mutants, or null if it is none.</summary>
    public ExpressionSyntax? RewriteUse(ExpressionSyntax use, SemanticModel model)
    {
        if (use is not (IdentifierNameSyntax or MemberAccessExpressionSyntax)
            || model.GetSymbolInfo(use).Symbol is not { } symbol
            || symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not VariableDeclaratorSyntax declaration)
        {
            return null;
        }

        return symbol switch
        {
            IFieldSymbol { IsConst: true } field => Shared(use, declaration, field.Type, field.ConstantValue),
            ILocalSymbol { IsConst: true } local => Shared(use, declaration, local.Type, local.ConstantValue),
            IFieldSymbol { IsStatic: true, IsReadOnly: true } field when field.Type.ToDisplayString() == "System.TimeSpan" && declaration.Initializer is not null => Longer(use, declaration),
            _ => null,
        };
    }

    private ExpressionSyntax? Shared(ExpressionSyntax use, VariableDeclaratorSyntax declaration, ITypeSymbol type, object? value)
    {
        if (!s_types.ContainsKey(type.SpecialType) || value is null || type.TypeKind == TypeKind.Enum)
        {
            return null;
        }

        var file = fileOf(declaration.SyntaxTree);
        var number = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        ExpressionSyntax current = use.WithoutTrivia();
        var found = false;
        foreach (var mutated in Neighbours(number, use))
        {
            if (mutants.OfferShared(file, declaration, MutantKind.Number, declaration.ToString(), $"{declaration.Identifier.Text} = {Text(mutated)}") is { } id)
            {
                found = true;
                current = Switch.Choose(id, Literal(mutated, type.SpecialType), current).WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id));
            }
        }

        return found ? Cast(type.SpecialType, current) : null;
    }

    private ExpressionSyntax? Longer(ExpressionSyntax use, VariableDeclaratorSyntax declaration)
    {
        var after = $"{declaration.Identifier.Text} = {TimeFactor} * {declaration.Initializer!.Value}";
        return mutants.OfferShared(fileOf(declaration.SyntaxTree), declaration, MutantKind.Number, declaration.ToString(), after) is { } id
            ? Switch.Choose(id, Switch.Binary(SyntaxKind.MultiplyExpression, use, SyntaxFactory.ParseExpression(Text(TimeFactor))), use)
                .WithAdditionalAnnotations(Switch.Annotation(Switch.PlaceAnnotation, id))
            : null;
    }

    // One less than nothing is for most bounds no number at all.
    private static IEnumerable<decimal> Neighbours(decimal value, ExpressionSyntax place)
    {
        if (IsSpanOfTime(place))
        {
            return value == 0 ? [1] : [value * TimeFactor];
        }

        return value <= 0 ? [value + 1] : value == ulong.MaxValue || value == long.MaxValue || value == int.MaxValue ? [value - 1] : [value - 1, value + 1];
    }

    private static bool IsSpanOfTime(ExpressionSyntax place) =>
        place.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "TimeSpan" } } } };

    // A bare number says little to the reader of a report: what it is part of is shown with it.
    private static ExpressionSyntax ContextNode(ExpressionSyntax number) => number.Parent switch
    {
        BinaryExpressionSyntax binary => binary,
        ArgumentSyntax { Parent.Parent: ExpressionSyntax call } when call.Span.Length <= 160 => call,
        AssignmentExpressionSyntax assignment => assignment,
        RangeExpressionSyntax { Parent.Parent.Parent: ExpressionSyntax access } => access,
        _ => number,
    };

    private static string ContextOf(ExpressionSyntax number) => ContextNode(number).ToString();

    private static string Replaced(string context, ExpressionSyntax number, decimal mutated)
    {
        var start = number.SpanStart - ContextNode(number).SpanStart;
        return string.Concat(context.AsSpan(0, start), Text(mutated), context.AsSpan(start + number.Span.Length));
    }

    private static CastExpressionSyntax Cast(SpecialType type, ExpressionSyntax expression) =>
        SyntaxFactory.CastExpression(SyntaxFactory.ParseTypeName(s_types[type].Name), expression);

    private static ExpressionSyntax Literal(decimal value, SpecialType type) =>
        SyntaxFactory.ParseExpression($"(({s_types[type].Name})({Text(value)}{s_types[type].Suffix}))");

    private static string Text(decimal value) => value.ToString("0", CultureInfo.InvariantCulture);
}
