using Spectre.Console;
using Spectre.Console.Rendering;

namespace HiNet.Crdt.Cli.Output;

/// <summary>
/// Markup whose further lines stand under the first one, whether its writer broke the line or the terminal is too narrow: what begins in the
/// first column is said by the program, and nobody's text looks like it.
/// </summary>
internal sealed class HangingText(string markup) : IRenderable
{
    private const string Indent = "    ";

    private readonly Markup _markup = new(markup);

    public Measurement Measure(RenderOptions options, int maxWidth) => new(1, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var lines = Segment.SplitLines(((IRenderable)_markup).Render(options, Math.Max(1, maxWidth - Indent.Length)));
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0)
            {
                yield return new Segment(Indent);
            }

            foreach (var segment in lines[i])
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }
    }
}
