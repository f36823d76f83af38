using HiNet.Crdt.Cli.Output;

namespace HiNet.Crdt.Cli.Tests.Output;

public sealed class QrCodeTests
{
    [Fact]
    public void A_code_is_square_with_a_light_border()
    {
        var lines = QrCode.Lines("hinet:" + new string('x', 300))!;
        lines.ShouldAllBe(l => l.Length == lines[0].Length);
        (lines.Count * 2).ShouldBeInRange(lines[0].Length, lines[0].Length + 1);
        lines[0].ShouldAllBe(c => c == '█');
    }

    [Fact]
    public void A_text_too_long_for_a_code_has_none() => QrCode.Lines(new string('x', 4_000)).ShouldBeNull();
}
