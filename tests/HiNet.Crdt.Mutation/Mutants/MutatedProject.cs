using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace HiNet.Crdt.Mutation.Mutants;

/// <summary>The source of a project as the compiler sees it: what people wrote, and what was generated when it was last built.</summary>
internal sealed class MutatedProject
{
    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest, DocumentationMode.None);

    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        nullableContextOptions: NullableContextOptions.Enable,
        deterministic: true,
        generalDiagnosticOption: ReportDiagnostic.Suppress);

    private MutatedProject(CSharpCompilation compilation, IReadOnlyList<(string File, SyntaxTree Tree)> sources)
    {
        Compilation = compilation;
        Sources = sources;
    }

    public CSharpCompilation Compilation { get; }

    /// <summary>What people wrote, by its path relative to the project.</summary>
    public IReadOnlyList<(string File, SyntaxTree Tree)> Sources { get; }

    /// <summary>Reads a project that has been built.</summary>
    /// <param name="folder">The project's.</param>
    /// <param name="generated">Where the build has left generated source.</param>
    /// <param name="references">Where the assemblies lie that it references beside the framework's.</param>
    public static MutatedProject Read(string folder, string generated, string references)
    {
        var name = Path.GetFileName(folder.TrimEnd(Path.DirectorySeparatorChar));
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, File: Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(source => !source.File.StartsWith("obj/", StringComparison.Ordinal) && !source.File.StartsWith("bin/", StringComparison.Ordinal))
            .OrderBy(source => source.File, StringComparer.Ordinal)
            .ToDictionary(source => source.File, source => File.ReadAllText(source.Path));
        var made = Directory.EnumerateFiles(generated, "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText);
        var assemblies = Directory.EnumerateFiles(references, "*.dll").Where(path => Path.GetFileNameWithoutExtension(path) != name);
        return Parse(name, sources, made, assemblies);
    }

    /// <summary>A project of these files.</summary>
    public static MutatedProject Parse(string name, IEnumerable<KeyValuePair<string, string>> files, IEnumerable<string> generated, IEnumerable<string> assemblies)
    {
        List<(string File, SyntaxTree Tree)> sources = [.. files.Select(file => (file.Key, Tree(file.Value, file.Key)))];
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "mscorlib.dll" or "netstandard.dll");
        var known = framework.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        var references = framework.Concat(assemblies.Where(path => !known.Contains(Path.GetFileName(path)))).Where(IsManaged);
        var compilation = CSharpCompilation.Create(
            name,
            sources.Select(source => source.Tree).Concat(generated.Select((text, i) => Tree(text, $"generated/{i}.cs"))),
            references.Select(path => MetadataReference.CreateFromFile(path)),
            s_options);
        return new MutatedProject(compilation, sources);
    }

    /// <summary>Source that is added to the project.</summary>
    public static SyntaxTree Tree(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text), s_parsing, path);

    private static bool IsManaged(string path)
    {
        try
        {
            _ = System.Reflection.AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
