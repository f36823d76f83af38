using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Architecture.Tests;

/// <summary>The core has no I/O, no clock, no threads, no async and no randomness: what it computes depends on its inputs alone.</summary>
public partial class CorePurityTests
{
    // What must stay banned, as BannedSymbols.txt writes it: anything whose result or order differs from run to run.
    private static readonly string[] Traps =
    [
        "P:System.DateTime.Now", "P:System.DateTime.UtcNow", "P:System.DateTime.Today", "P:System.DateTimeOffset.Now", "P:System.DateTimeOffset.UtcNow",
        "T:System.Diagnostics.Stopwatch", "P:System.Environment.TickCount", "P:System.Environment.TickCount64", "T:System.TimeProvider",
        "M:System.Guid.NewGuid", "M:System.Guid.CreateVersion7", "M:System.Guid.CreateVersion7(System.DateTimeOffset)",
        "T:System.Random", "T:System.Security.Cryptography.RandomNumberGenerator",
        "T:System.Threading.Tasks.Task", "T:System.Threading.Tasks.Task`1", "T:System.Threading.Tasks.Parallel",
        "T:System.Threading.Thread", "T:System.Threading.ThreadPool", "T:System.Threading.Timer", "T:System.Threading.SemaphoreSlim",
        "N:System.Threading.Channels", "N:System.Net.Sockets", "N:System.IO", "N:System.Collections.Concurrent", "N:System.Collections.Frozen",
        "T:System.HashCode", "M:System.String.GetHashCode", "M:System.String.GetHashCode(System.StringComparison)",
        "T:System.Collections.Immutable.ImmutableHashSet", "T:System.Collections.Immutable.ImmutableHashSet`1",
        "T:System.Collections.Immutable.ImmutableDictionary", "T:System.Collections.Immutable.ImmutableDictionary`2",
    ];

    [Fact]
    public void Nothing_in_the_core_is_asynchronous() =>
        Checkout.Sources("src/HiNet.Crdt.Core").SelectMany(file => Asynchronous(Checkout.Read(file)).Select(word => $"{file}: {word}")).ShouldBeEmpty();

    [Theory]
    [InlineData("public async void Start() { }")]
    [InlineData("var x = await y;")]
    [InlineData("Task<int> Start();")]
    [InlineData("ValueTask Start();")]
    [InlineData("IAsyncEnumerable<int> All();")]
    public void An_asynchronous_member_is_found(string source) => Asynchronous(source).ShouldNotBeEmpty();

    [Fact]
    public void A_comment_about_tasks_is_none() => Asynchronous("// never await a Task here\nvar tasks = \"async\";").ShouldBeEmpty();

    [Fact]
    public void Every_known_trap_is_banned()
    {
        var project = Checkout.Projects.Single(candidate => candidate.Name == "HiNet.Crdt.Core");
        ProjectFile.Includes(project.Document, "AdditionalFiles").ShouldContain("BannedSymbols.txt");
        var banned = Checkout.Read("src/HiNet.Crdt.Core/BannedSymbols.txt").Split('\n').Select(line => line.Split(';')[0].Trim()).ToHashSet();
        Traps.Except(banned).ShouldBeEmpty();
    }

    [Fact]
    public void The_ban_is_not_suppressed() =>
        Checkout.Sources("src/HiNet.Crdt.Core").Where(file => Checkout.Read(file).Contains("RS0030", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void The_compiled_core_reaches_no_input_output_or_thread() =>
        TypesUsedBy(typeof(IStateMachine<,>).Assembly.Location).Where(IsImpure).ShouldBeEmpty();

    [Fact]
    public void An_assembly_that_does_reach_them_is_found() =>
        TypesUsedBy(typeof(CorePurityTests).Assembly.Location).Where(IsImpure).ShouldNotBeEmpty();

    private static IEnumerable<string> Asynchronous(string source) =>
        AsynchronousWord().Matches(CSharpText.CodeOf(source)).Select(match => match.Value);

    private static IReadOnlyList<string> TypesUsedBy(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name))
            .Order(StringComparer.Ordinal)];
    }

    // Interlocked and Volatile keep counters of what was reached (Marks); they decide nothing.
    private static bool IsImpure(string type) =>
        type is not ("System.Threading.Interlocked" or "System.Threading.Volatile")
        && (type.StartsWith("System.IO.", StringComparison.Ordinal)
            || type.StartsWith("System.Net.", StringComparison.Ordinal)
            || type.StartsWith("System.Threading.", StringComparison.Ordinal)
            || type.StartsWith("System.Collections.Concurrent.", StringComparison.Ordinal)
            || type.StartsWith("System.Collections.Frozen.", StringComparison.Ordinal)
            || type is "System.Diagnostics.Process" or "System.Diagnostics.Stopwatch" or "System.Random" or "System.HashCode");

    [GeneratedRegex(@"\b(async|await|Task|ValueTask|IAsyncEnumerable|IAsyncDisposable)\b")]
    private static partial Regex AsynchronousWord();
}
