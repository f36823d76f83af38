namespace HiNet.Crdt.Architecture.Tests;

/// <summary>A test of something is found where the thing itself is: one test project for each project, one folder for each folder.</summary>
public class TestLayoutTests
{
    // Test projects that test the whole, or the repository, and so mirror no single project.
    private static readonly string[] Free =
    [
        "HiNet.Crdt.Architecture.Tests", "HiNet.Crdt.Attack", "HiNet.Crdt.Benchmarks", "HiNet.Crdt.Examples.Tests", "HiNet.Crdt.Integration.Tests", "HiNet.Crdt.Interop.Tests",
        "HiNet.Crdt.Mutation", "HiNet.Crdt.Mutation.Tests",
    ];

    // Folders of a test project that hold what its tests share.
    private static readonly string[] Shared = ["Support", "Fakes"];

    private static readonly Dictionary<string, ProjectFile> Products =
        Checkout.Projects.Where(project => !project.Path.StartsWith("tests/", StringComparison.Ordinal)).ToDictionary(project => project.Name);

    private static IEnumerable<ProjectFile> Tests =>
        Checkout.Projects.Where(project => project.Path.StartsWith("tests/", StringComparison.Ordinal) && !Free.Contains(project.Name));

    [Fact]
    public void Every_project_with_source_has_a_test_project() =>
        Products.Values.Where(product => Checkout.Sources(product.Folder).Any()).Select(product => product.Name + ".Tests")
            .Except(Tests.Select(test => test.Name))
            .ShouldBeEmpty();

    [Fact]
    public void Every_test_project_belongs_to_a_project() =>
        Tests.Select(test => test.Name).Except(Products.Keys.Select(name => name + ".Tests")).ShouldBeEmpty();

    [Fact]
    public void Test_folders_mirror_source_folders() =>
        Tests.Where(test => Products.ContainsKey(ProductOf(test)))
            .SelectMany(test => Folders(test).Except(Folders(Products[ProductOf(test)])).Where(folder => !Shared.Contains(folder.Split('/')[0])).Select(folder => $"{test.Name}: {folder}"))
            .ShouldBeEmpty();

    private static string ProductOf(ProjectFile test) => test.Name[..^".Tests".Length];

    // Every folder below the project that holds source, and those above it.
    private static IEnumerable<string> Folders(ProjectFile project) =>
        Checkout.Sources(project.Folder)
            .Select(file => file[(project.Folder.Length + 1)..].Split('/')[..^1])
            .SelectMany(folders => Enumerable.Range(1, folders.Length).Select(depth => string.Join('/', folders[..depth])))
            .Distinct();
}
