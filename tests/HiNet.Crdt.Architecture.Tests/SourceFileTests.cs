using System.Text.RegularExpressions;

namespace HiNet.Crdt.Architecture.Tests;

public partial class SourceFileTests
{
    private const int LongestFile = 500;

    // Where .NET itself looks for the extension methods of a service collection.
    private const string Registration = "Microsoft.Extensions.DependencyInjection";

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        Checkout.Sources("src", "sim", "tests")
            .Select(file => (file, lines: LinesOf(Checkout.Read(file))))
            .Where(pair => pair.lines > LongestFile)
            .Select(pair => $"{pair.file}: {pair.lines}")
            .ShouldBeEmpty();

    [Fact]
    public void A_file_of_501_lines_is_too_long()
    {
        LinesOf(string.Concat(Enumerable.Repeat("\n", 500))).ShouldBe(LongestFile);
        LinesOf(string.Concat(Enumerable.Repeat("\n", 500)) + "x").ShouldBeGreaterThan(LongestFile);
    }

    [Fact]
    public void Namespaces_equal_folders() =>
        Checkout.Projects.SelectMany(project => Checkout.Sources(project.Folder).SelectMany(file => WrongNamespaces(project, file, Checkout.Read(file)))).ShouldBeEmpty();

    [Theory]
    [InlineData("src/P/Log/Entry.cs", "namespace P.Log;", true)]
    [InlineData("src/P/Log/Entry.cs", "namespace P;", false)]
    [InlineData("src/P/Entry.cs", "namespace P.Log;", false)]
    [InlineData("src/P/Entry.cs", "namespace P { }", false)]
    [InlineData("src/P/Entry.cs", "class Entry;", false)]
    [InlineData("src/P/Program.cs", "return 0;", true)]
    public void A_namespace_that_differs_is_found(string file, string source, bool isRight) =>
        WrongNamespaces(ProjectFile.Parse("src/P/P.csproj", "<Project />"), file, source).Any().ShouldBe(!isRight);

    [Fact]
    public void A_file_carries_the_name_of_its_public_type() =>
        Checkout.Sources("src", "sim").SelectMany(file => UnexpectedTypes(file, Checkout.Read(file))).ShouldBeEmpty();

    [Theory]
    [InlineData("src/P/Entry.cs", "public sealed class Entry\n{\n    public class Nested;\n}\ninternal class Other;\npublic class EntryCodec;", true)]
    [InlineData("src/P/Connection.Publish.cs", "public sealed partial class Connection;", true)]
    [InlineData("src/P/Entry.cs", "public readonly record struct Head(int X);", false)]
    [InlineData("src/P/Entry.cs", "public class Entry;\npublic interface IOther;\npublic enum Third;", false)]
    public void A_file_of_several_public_types_is_found(string file, string source, bool isRight) =>
        UnexpectedTypes(file, source).Any().ShouldBe(!isRight);

    private static int LinesOf(string text) => text.Count(c => c == '\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);

    private static IEnumerable<string> WrongNamespaces(ProjectFile project, string file, string source)
    {
        var folders = file[(project.Folder.Length + 1)..].Split('/')[..^1];
        var expected = string.Join('.', folders.Prepend(project.RootNamespace));
        var found = NamespaceDeclaration().Match(CSharpText.CodeOf(source));
        if (!found.Success)
        {
            return Path.GetFileName(file) is "Program.cs" or "GlobalUsings.cs" or "AssemblyInfo.cs" ? [] : [$"{file}: no file-scoped namespace, expected {expected}"];
        }

        return found.Groups[1].Value == expected || found.Groups[1].Value == Registration ? [] : [$"{file}: {found.Groups[1].Value}, expected {expected}"];
    }

    // A type and one companion of its contract, an iterator or an enumeration say, are read together; more are not.
    private static IEnumerable<string> UnexpectedTypes(string file, string source)
    {
        List<string> types = [.. PublicType().Matches(CSharpText.CodeOf(source)).Select(match => match.Groups[1].Value).Distinct()];
        var name = Path.GetFileName(file).Split('.', '{')[0];
        return types.Count is 0 || (types.Count <= 2 && types.Any(type => type.StartsWith(name, StringComparison.Ordinal)))
            ? []
            : [$"{file}: {string.Join(", ", types)}"];
    }

    [GeneratedRegex(@"^namespace ([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"^public [\w ]*?\b(?:class|struct|interface|enum|record(?! struct| class)|delegate [\w<>\[\], ?]+?) +(\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
