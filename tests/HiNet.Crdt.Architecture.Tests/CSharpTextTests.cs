namespace HiNet.Crdt.Architecture.Tests;

public class CSharpTextTests
{
    [Theory]
    [InlineData("a // await\nb", "a \nb")]
    [InlineData("a /* Task \n await */ b", "a \n b")]
    [InlineData("x = \"await \\\" Task\"; y", "x = ; y")]
    [InlineData("x = @\"await \"\" \\\"; y", "x = ; y")]
    [InlineData("x = $\"await {y} Task {{await}}\"; z", "x = y; z")]
    [InlineData("x = $\"{y[\"await\"]}\"; z", "x = y[]; z")]
    [InlineData("x = $@\"await {f(new { a = 1 })}\"; z", "x = f(new { a = 1 }); z")]
    [InlineData("x = \"\"\"await \"quoted\" {\"\"\"; y", "x = ; y")]
    [InlineData("x = $$\"\"\"{await} {{y}} Task\"\"\"; z", "x = y; z")]
    [InlineData("c = '\"'; d = '\\''; await", "c = ; d = ; await")]
    [InlineData("/// <summary>Task</summary>\nint a;", "\nint a;")]
    public void Prose_is_blanked_and_code_is_kept(string source, string expected)
    {
        var code = CSharpText.CodeOf(source);

        code.Length.ShouldBe(source.Length);
        Squeeze(code).ShouldBe(Squeeze(expected));
    }

    private static string Squeeze(string text) => string.Concat(text.Where(c => c != ' '));
}
