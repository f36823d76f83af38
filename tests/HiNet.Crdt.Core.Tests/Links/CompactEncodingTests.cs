using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class CompactEncodingTests
{
    [Fact]
    public void Integers_have_the_bytes_of_the_vectors()
    {
        foreach (var vector in LinkVectors.Root.GetProperty("uint").EnumerateArray())
        {
            var value = ulong.Parse(vector.GetProperty("value").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            var expected = vector.Hex("bytes");
            var bytes = new byte[CompactWriter.SizeOfUInt(value)];
            var writer = new CompactWriter(bytes);
            writer.WriteUInt(value);
            bytes.ShouldBe(expected);
            var reader = new CompactReader(bytes);
            reader.TryReadUInt(out var read).ShouldBeTrue();
            read.ShouldBe(value);
            reader.IsEmpty.ShouldBeTrue();
        }
    }

    [Fact]
    public void An_integer_above_two_to_the_53_is_refused()
    {
        new CompactReader(Convert.FromHexString("ff00000000000020" + "00")).TryReadUInt(out _).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() =>
        {
            var writer = new CompactWriter(new byte[9]);
            writer.WriteUInt(CompactReader.MaxUInt + 1);
        });
    }

    [Fact]
    public void What_was_written_is_read_again_and_every_shorter_input_is_refused()
    {
        Prop.ForAll<byte[], byte[]>((buffer, text) =>
        {
            var name = Convert.ToHexString(text);
            var size = CompactWriter.SizeOfBuffer(buffer.Length) + CompactWriter.SizeOfString(name) + 32 + 1;
            var bytes = new byte[size];
            var writer = new CompactWriter(bytes);
            writer.WriteBuffer(buffer);
            writer.WriteString(name);
            writer.WriteFixed32(default);
            writer.WriteBuffer([]);
            writer.Written.ShouldBe(size);
            ReadAll(bytes, out var readBuffer, out var readName).ShouldBeTrue();
            readBuffer.ShouldBe(buffer);
            readName.ShouldBe(name);
            for (var length = 0; length < size; length++)
            {
                ReadAll(bytes.AsSpan(0, length), out _, out _).ShouldBeFalse();
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        Prop.ForAll<byte[]>(bytes => { ReadAll(bytes, out _, out _); }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_string_that_is_no_utf8_or_too_long_is_refused()
    {
        new CompactReader([2, 0xc3, 0x28]).TryReadString(10, out _).ShouldBeFalse();
        new CompactReader([2, 0x41, 0x42]).TryReadString(1, out _).ShouldBeFalse();
        new CompactReader([2, 0x41, 0x42]).TryReadString(2, out var text).ShouldBeTrue();
        text.ShouldBe("AB");
    }

    [Fact]
    public void A_length_beyond_the_end_is_refused_however_large()
    {
        new CompactReader(Convert.FromHexString("ffffffffffffff1f00")).TryReadBuffer(out _).ShouldBeFalse();
        new CompactReader([3, 1, 2]).TryReadBuffer(out _).ShouldBeFalse();
    }

    private static bool ReadAll(ReadOnlySpan<byte> bytes, out byte[] buffer, out string? name)
    {
        var reader = new CompactReader(bytes);
        name = null;
        var read = reader.TryReadBuffer(out var span)
            && reader.TryReadString(1 << 20, out name)
            && reader.TryReadFixed32(out _)
            && reader.TryReadOptionalBuffer(out _, out _);
        buffer = span.ToArray();
        return read;
    }
}
