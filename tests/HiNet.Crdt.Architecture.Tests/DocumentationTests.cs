using System.Text.RegularExpressions;

namespace HiNet.Crdt.Architecture.Tests;

public partial class DocumentationTests
{
    [Fact]
    public void Every_link_leads_to_a_file_of_the_repository() =>
        Checkout.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(page => DeadLinks(page, Checkout.Read(page)).Select(link => $"{page}: {link}"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("docs/a.md", "[x](nowhere.md)", true)]
    [InlineData("docs/a.md", "[x](../nowhere/)", true)]
    [InlineData("docs/a.md", "[x](../README.md#embed-it) [y](https://example.org) [z](#here) [d](adr)", false)]
    public void A_dead_link_is_found(string page, string text, bool isDead) => DeadLinks(page, text).Any().ShouldBe(isDead);

    [Fact]
    public void Every_page_that_code_names_is_there() =>
        Checkout.Sources("src", "sim")
            .Concat(Checkout.Files.Where(file => file.EndsWith(".proto", StringComparison.Ordinal)))
            .SelectMany(file => Page().Matches(Checkout.Read(file)).Select(match => match.Value).Except(Checkout.Files).Select(page => $"{file}: {page}"))
            .ShouldBeEmpty();

    private static IEnumerable<string> DeadLinks(string page, string text)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, page))!;
        return Link().Matches(text).Select(match => match.Groups[1].Value)
            .Where(link => !link.StartsWith('#') && !link.Contains("://", StringComparison.Ordinal))
            .Where(link => Path.Combine(folder, link.Split('#')[0]) is var target && !File.Exists(target) && !Directory.Exists(target));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?:specs|docs)/[\w/-]+\.md")]
    private static partial Regex Page();
}
