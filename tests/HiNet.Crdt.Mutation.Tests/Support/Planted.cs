using System.Reflection;
using System.Runtime.Loader;
using HiNet.Crdt.Mutation.Mutants;

namespace HiNet.Crdt.Mutation.Tests.Support;

/// <summary>A small source with its mutants, compiled and loaded, so that a test can switch each of them on.</summary>
internal sealed class Planted
{
    private readonly Assembly _assembly;
    private readonly FieldInfo _active;

    private Planted(IReadOnlyList<Mutant> mutants, int dropped, Assembly assembly)
    {
        Mutants = mutants;
        Dropped = dropped;
        _assembly = assembly;
        _active = Field("Active");
    }

    public IReadOnlyList<Mutant> Mutants { get; }

    public int Dropped { get; }

    /// <summary>Members of one class, in one file.</summary>
    public static Planted Members(string members) => Files(("Subject.cs", "public static class Subject\n{\n" + members + "\n}\n"));

    /// <summary>Whole files.</summary>
    public static Planted Files(params (string Name, string Text)[] files) => Files(_ => true, files);

    /// <summary>Whole files, of which those with the right names are mutated.</summary>
    public static Planted Files(Func<string, bool> isWanted, params (string Name, string Text)[] files)
    {
        const string Usings = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\n";
        var project = MutatedProject.Parse("Planted", files.Select(file => KeyValuePair.Create(file.Name, Usings + file.Text)), [], []);
        var set = new MutantSet(isWanted, _ => true);
        var path = Path.Combine(Path.GetTempPath(), $"hinet-planted-{Guid.NewGuid():N}.dll");
        try
        {
            var mutants = InstrumentedCopy.Write(project, set, path);
            using var bytes = new MemoryStream(File.ReadAllBytes(path));
            return new Planted(mutants, set.Dropped, new AssemblyLoadContext("planted", isCollectible: true).LoadFromStream(bytes));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The mutants as "before => after".</summary>
    public IEnumerable<string> Changes => Mutants.Select(mutant => $"{mutant.Before} => {mutant.After}");

    /// <summary>Calls a method of the subject with a mutant on.</summary>
    public object? Call(int mutant, string method, params object?[] arguments)
    {
        _active.SetValue(null, mutant);
        try
        {
            return _assembly.GetType("Subject", throwOnError: true)!.GetMethod(method)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
        finally
        {
            _active.SetValue(null, 0);
        }
    }

    /// <summary>A field of the switch.</summary>
    public FieldInfo Field(string name) => _assembly.GetType(Switch.TypeName, throwOnError: true)!.GetField(name)!;

    /// <summary>The mutants with which a check fails that holds without any.</summary>
    public IReadOnlyList<Mutant> KilledBy(Func<Func<string, object?[], object?>, bool> check)
    {
        check((method, arguments) => Call(0, method, arguments)).ShouldBeTrue();
        return [.. Mutants.Where(mutant => !check((method, arguments) => Call(mutant.Id, method, arguments)))];
    }
}
