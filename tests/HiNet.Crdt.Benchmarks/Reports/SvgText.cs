using System.Globalization;
using System.Net;
using System.Text;

namespace HiNet.Crdt.Benchmarks.Reports;

/// <summary>A plot being written: a white page with a title, then whatever is appended.</summary>
internal sealed class SvgText
{
    private readonly StringBuilder _text = new();

    public SvgText(int width, int height, string title)
    {
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" font-family=\"sans-serif\" font-size=\"13\">");
        Append($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Append($"<text x=\"12\" y=\"24\" font-weight=\"bold\" fill=\"#1c2429\">{WebUtility.HtmlEncode(title)}</text>");
    }

    /// <summary>One line of the file; numbers as SVG wants them.</summary>
    public void Append(FormattableString line) => _text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    public string End() => _text.AppendLine("</svg>").ToString();
}
