namespace HiNet.Crdt.Architecture.Tests;

/// <summary>Abstractions ← Core ← Cryptography ← HiNet.Crdt ← {Storage.RocksDb, Hosting, LocalApi} ← Cli; Simulation never sees the shell.</summary>
public class ProjectReferenceTests
{
    private const string Abstractions = "HiNet.Crdt.Abstractions";
    private const string Core = "HiNet.Crdt.Core";
    private const string Cryptography = "HiNet.Crdt.Cryptography";
    private const string Shell = "HiNet.Crdt";
    private const string RocksDb = "HiNet.Crdt.Storage.RocksDb";
    private const string Hosting = "HiNet.Crdt.Hosting";
    private const string LocalApi = "HiNet.Crdt.LocalApi";
    private const string Simulation = "HiNet.Crdt.Simulation";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Abstractions] = [],
        [Core] = [Abstractions],
        [Cryptography] = [Abstractions, Core],
        [Shell] = [Abstractions, Core, Cryptography],
        [RocksDb] = [Abstractions, Core, Cryptography, Shell],
        [Hosting] = [Abstractions, Core, Cryptography, Shell],
        [LocalApi] = [Abstractions, Core, Cryptography, Shell],
        ["HiNet.Crdt.Cli"] = [Abstractions, Core, Cryptography, Shell, RocksDb, Hosting, LocalApi],
        [Simulation] = [Abstractions, Core, Cryptography],
        ["HiNet.Crdt.Simulation.Cli"] = [Abstractions, Core, Cryptography, Simulation],
    };

    [Fact]
    public void Projects_reference_only_what_stands_below_them() =>
        Checkout.Projects.Where(IsProduct).SelectMany(Violations).ShouldBeEmpty();

    [Theory]
    [InlineData("src/HiNet.Crdt.Core/HiNet.Crdt.Core.csproj", "../HiNet.Crdt.Cryptography/HiNet.Crdt.Cryptography.csproj")]
    [InlineData("sim/HiNet.Crdt.Simulation/HiNet.Crdt.Simulation.csproj", "..\\..\\src\\HiNet.Crdt\\HiNet.Crdt.csproj")]
    [InlineData("src/HiNet.Crdt.Mystery/HiNet.Crdt.Mystery.csproj", "../HiNet.Crdt.Core/HiNet.Crdt.Core.csproj")]
    public void An_upward_reference_is_found(string path, string reference) =>
        Violations(ProjectFile.Parse(path, $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""")).ShouldNotBeEmpty();

    [Fact]
    public void No_product_is_tested_by_a_reference_between_test_projects() =>
        Checkout.Projects.Where(project => !IsProduct(project))
            .SelectMany(project => project.ProjectReferences.Where(reference => reference.EndsWith(".Tests", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Fact]
    public void The_core_depends_on_no_package_but_the_wire_format() =>
        Checkout.Projects.Single(project => project.Name == Core).PackageReferences
            .Select(package => package.Attribute("Include")?.Value)
            .ShouldBeSubsetOf(["Google.Protobuf", "Grpc.Tools"]);

    private static bool IsProduct(ProjectFile project) => !project.Path.StartsWith("tests/", StringComparison.Ordinal);

    private static IEnumerable<string> Violations(ProjectFile project) =>
        Allowed.TryGetValue(project.Name, out var allowed)
            ? project.ProjectReferences.Except(allowed).Select(reference => $"{project.Name} must not reference {reference}")
            : [$"{project.Path} has no place yet: add it to the map of this test and to docs/architecture.md"];
}
