using QRCoder;

namespace HiNet.Crdt.Cli.Output;

/// <summary>A QR code in half-block characters, two modules a letter.</summary>
internal static class QrCode
{
    /// <summary>The lines, or null when the text is too long for a code that a camera reads from a terminal.</summary>
    public static IReadOnlyList<string>? Lines(string text)
    {
        QRCodeData data;
        try
        {
            using var generator = new QRCodeGenerator();
            data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        }
        catch (QRCoder.Exceptions.DataTooLongException)
        {
            return null;
        }

        using (data)
        {
            var modules = data.ModuleMatrix;
            var lines = new List<string>();
            for (var y = 0; y < modules.Count; y += 2)
            {
                var line = new char[modules.Count];
                for (var x = 0; x < modules.Count; x++)
                {
                    // Terminals are dark: a light module is drawn, a dark one left out.
                    var upper = !modules[y][x];
                    var lower = y + 1 >= modules.Count || !modules[y + 1][x];
                    line[x] = (upper, lower) switch
                    {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        _ => ' ',
                    };
                }

                lines.Add(new string(line));
            }

            return lines;
        }
    }
}
