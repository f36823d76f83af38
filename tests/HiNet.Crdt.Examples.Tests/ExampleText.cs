using System.Runtime.CompilerServices;

namespace Examples;

/// <summary>What a page shows and what is compiled, as text to be compared.</summary>
internal static class ExampleText
{
    /// <summary>The blocks of C# of a Markdown page that lies beside the tests.</summary>
    internal static IEnumerable<string> Blocks(string page)
    {
        const string Fence = "```csharp\n";
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, page)).ReplaceLineEndings("\n");
        for (var start = text.IndexOf(Fence, StringComparison.Ordinal); start >= 0; start = text.IndexOf(Fence, start, StringComparison.Ordinal))
        {
            start += Fence.Length;
            yield return text[start..text.IndexOf("```", start, StringComparison.Ordinal)].TrimEnd();
        }
    }

    /// <summary>Text without indentation.</summary>
    internal static string Flat(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()));

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
