using System.Runtime.CompilerServices;

namespace Examples;

/// <summary>What a page shows and what is compiled, as text to be compared.</summary>
internal static class ExampleText
{
    /// <summary>The first block of C# on a Markdown page.</summary>
    internal static string FirstBlock(string page)
    {
        const string Fence = "```csharp\n";
        var start = page.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)].TrimEnd();
    }

    /// <summary>The usings of a source file and, behind an empty line, the body of its one method.</summary>
    internal static string UsingsAndBody(string source)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        var usings = lines.Where(line => line.StartsWith("using ", StringComparison.Ordinal));
        var body = lines
            .SkipWhile(line => line != "    {").Skip(1)
            .TakeWhile(line => line != "    }")
            .Select(line => line.Length == 0 ? line : line[8..]);
        return string.Join('\n', usings.Append(string.Empty).Concat(body));
    }

    /// <summary>A file beside the caller's.</summary>
    internal static string Beside(string name, [CallerFilePath] string caller = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(caller)!, name));
}
