using Spectre.Console;

namespace HiNet.Crdt.Cli.Output;

/// <summary>Names and ids in markup.</summary>
internal static class People
{
    /// <summary>How many digits of an id people see; verbs take them.</summary>
    public const int ShortLength = 8;

    private static readonly string[] Colours = ["aqua", "green", "yellow", "fuchsia", "orange3", "deepskyblue1", "springgreen2", "lightcoral"];

    public static string Short(string id) => id.Length > ShortLength ? id[..ShortLength] : id;

    /// <summary>One line of others' text.</summary>
    public static string Text(string text) => Markup.Escape(TerminalText.Clean(text));

    /// <summary>A name in its person's colour.</summary>
    public static string Name(string identity, string name)
    {
        var colour = 0;
        foreach (var letter in identity)
        {
            colour = ((colour * 31) + letter) & 0xffff;
        }

        return $"[{Colours[colour % Colours.Length]}]{Text(name.Length == 0 ? Short(identity) : name)}[/]";
    }

    public static string Dim(string text) => $"[grey]{Text(text)}[/]";

    /// <summary>By the reader's clock.</summary>
    public static string Time(DateTimeOffset time)
    {
        var local = time.ToLocalTime();
        var format = local.Date == DateTimeOffset.Now.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm";
        return local.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
    }
}
