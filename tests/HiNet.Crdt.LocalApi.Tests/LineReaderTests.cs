using System.Text;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.LocalApi.Tests;

public sealed class LineReaderTests
{
    [Fact]
    public async Task Lines_lose_their_line_feed_and_one_carriage_return()
    {
        (await ReadAsync("a\r\nb\n\nc\r\r\nlast"u8.ToArray())).ShouldBe(["a", "b", "", "c\r", "last"]);
        (await ReadAsync("a\n"u8.ToArray())).ShouldBe(["a"]);
        (await ReadAsync([])).ShouldBeEmpty();
    }

    [Fact]
    public async Task Letters_that_straddle_reads_stay_whole() =>
        (await ReadAsync(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat(new string('ж', 300), 100))))).ShouldAllBe(l => l.Length == 300);

    [Fact]
    public async Task What_is_not_UTF8_is_refused_with_its_line_number() =>
        (await Should.ThrowAsync<LocalApiException>(() => ReadAsync([(byte)'a', (byte)'\n', 0xff, (byte)'\n']))).Message.ShouldContain("Line 2");

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_is_in_memory() =>
        (await Should.ThrowAsync<LocalApiException>(() => ReadAsync(new byte[4_000_000]))).Message.ShouldContain("longer than 1,000 bytes");

    private static async Task<List<string>> ReadAsync(byte[] bytes) =>
        await LineReader.ReadLinesAsync(new MemoryStream(bytes), 1_000).TakeAsync(int.MaxValue);
}
