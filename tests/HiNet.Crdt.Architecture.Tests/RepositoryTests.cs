using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HiNet.Crdt.Architecture.Tests;

public partial class RepositoryTests
{
    private static readonly string[] TopLevel =
    [
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", "Directory.Build.props", "Directory.Packages.props", "HiNet.Crdt.sln", "LICENSE", "README.md",
        "build.sh", "docs", "global.json", "sim", "specs", "src", "tests",
    ];

    private static readonly string[] TextEndings =
        [".cs", ".csproj", ".css", ".html", ".js", ".json", ".jsonl", ".md", ".mjs", ".props", ".proto", ".sh", ".sln", ".svg", ".targets", ".txt", ".yml"];

    [Fact]
    public void The_top_level_holds_only_the_agreed_names() =>
        Checkout.Files.Select(file => file.Split('/')[0]).Distinct().Except(TopLevel).ShouldBeEmpty();

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Checkout.Read("HiNet.Crdt.sln").Replace('\\', '/');
        Checkout.Projects.Select(project => project.Path).Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_has_its_lock_file() =>
        Checkout.Projects.Select(project => project.Folder + "/packages.lock.json").Except(Checkout.Files).ShouldBeEmpty();

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        var central = ProjectFile.Includes(XDocument.Parse(Checkout.Read("Directory.Packages.props")), "PackageVersion").ToHashSet();
        Checkout.Files
            .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) || file.EndsWith(".props", StringComparison.Ordinal))
            .SelectMany(file => StrayVersions(XDocument.Parse(Checkout.Read(file)), central).Select(package => $"{file}: {package}"))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""<PackageReference Include="Known" Version="1.0" />""")]
    [InlineData("""<PackageReference Include="Known"><Version>1.0</Version></PackageReference>""")]
    [InlineData("""<PackageReference Include="Known" VersionOverride="1.0" />""")]
    [InlineData("""<PackageReference Include="Unknown" />""")]
    public void A_version_elsewhere_is_found(string reference) =>
        StrayVersions(XDocument.Parse($"<Project><ItemGroup>{reference}</ItemGroup></Project>"), ["Known"]).ShouldNotBeEmpty();

    [Fact]
    public void No_file_knows_the_machine_that_it_was_written_on() =>
        Checkout.Files.Where(IsText).SelectMany(file => MachinePaths(Checkout.Read(file)).Select(path => $"{file}: {path}")).ShouldBeEmpty();

    [Theory]
    [InlineData("see /{0}/main")]
    [InlineData("\"/{0}/x\"")]
    public void A_path_of_a_machine_is_found(string format)
    {
        MachinePaths(string.Format(null, format, "root")).ShouldNotBeEmpty();
        MachinePaths(string.Format(null, format, "work")).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("net/{0}/x")]
    [InlineData("https://example.org/{0}/x")]
    [InlineData("$HOME/{0}/")]
    [InlineData("/home/alice/{0}/")]
    public void A_relative_path_or_an_address_is_none(string format)
    {
        MachinePaths(string.Format(null, format, "root")).ShouldBeEmpty();
        MachinePaths(string.Format(null, format, "work")).ShouldBeEmpty();
    }

    [Fact]
    public void Npm_lock_files_name_no_private_registry() =>
        Checkout.Files.Where(file => file.EndsWith("package-lock.json", StringComparison.Ordinal))
            .SelectMany(file => ResolvedAddress().Matches(Checkout.Read(file)).Select(match => match.Groups[1].Value))
            .Where(address => !address.StartsWith("https://registry.npmjs.org/", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Every_vector_file_is_checked_by_a_test()
    {
        var tests = string.Concat(Checkout.Sources("tests").Select(Checkout.Read));
        Checkout.Files.Where(file => file.StartsWith("specs/vectors/", StringComparison.Ordinal))
            .Where(file => !tests.Contains(Path.GetFileNameWithoutExtension(file), StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static bool IsText(string file) =>
        TextEndings.Contains(Path.GetExtension(file)) || file is "LICENSE" or ".ci/run" or ".editorconfig" or ".gitignore";

    private static IEnumerable<string> StrayVersions(XDocument project, HashSet<string> central) =>
        project.Descendants("PackageReference")
            .Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null || package.Element("Version") is not null
                || (package.Attribute("Include") is { } name && !central.Contains(name.Value)))
            .Select(package => package.ToString());

    private static IEnumerable<string> MachinePaths(string text) => MachinePath().Matches(text).Select(match => match.Value);

    // The folders that build machines keep checkouts in, at the start of a path.
    [GeneratedRegex(@"(?<![\w./$}-])/(?:root|work)/[\w.-]*")]
    private static partial Regex MachinePath();

    [GeneratedRegex("\"resolved\": \"([^\"]*)\"")]
    private static partial Regex ResolvedAddress();
}
