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
        new CompactReader([2, 0x41]).TryReadString(10, out _).ShouldBeFalse();
        new CompactReader([]).TryReadString(10, out _).ShouldBeFalse();
        new CompactReader([2, 0x41, 0x42]).TryReadString(2, out var text).ShouldBeTrue();
        text.ShouldBe("AB");
    }

    [Fact]
    public void The_length_of_a_text_is_that_of_its_bytes_and_not_of_its_characters()
    {
        const string Text = "Grüße 👋";
        var expected = System.Text.Encoding.UTF8.GetBytes(Text);
        var bytes = new byte[CompactWriter.SizeOfString(Text)];
        bytes.Length.ShouldBe(1 + expected.Length);
        var writer = new CompactWriter(bytes);
        writer.WriteString(Text);
        bytes.ShouldBe([(byte)expected.Length, .. expected]);

        var reader = new CompactReader(bytes);
        reader.TryReadString(expected.Length, out var read).ShouldBeTrue();
        read.ShouldBe(Text);
        reader.IsEmpty.ShouldBeTrue();
        new CompactReader(bytes).TryReadString(expected.Length - 1, out read).ShouldBeFalse();
        read.ShouldBeNull();
    }

    [Fact]
    public void An_optional_buffer_is_there_unless_it_is_empty_or_cut_off()
    {
        Optional([1, 7, 9]).ShouldBe((true, true, 1, 1));
        Optional([0, 9]).ShouldBe((true, false, 0, 1));
        Optional([2, 7]).ShouldBe((false, false, 0, -1));
        Optional([]).ShouldBe((false, false, 0, -1));

        static (bool Read, bool Present, int Length, int Left) Optional(byte[] bytes)
        {
            var reader = new CompactReader(bytes);
            var read = reader.TryReadOptionalBuffer(out var value, out var present);
            return (read, present, value.Length, read ? reader.Rest.Length : -1);
        }
    }

    [Theory]
    [InlineData("fd0500", 5)]
    [InlineData("fe05000000", 5)]
    [InlineData("ff0500000000000000", 5)]
    [InlineData("feffff0000", 65_535)]
    public void An_integer_in_a_longer_form_than_needed_is_accepted_and_in_part_refused(string hex, ulong expected)
    {
        var bytes = Convert.FromHexString(hex);
        var reader = new CompactReader([.. bytes, 1]);
        reader.TryReadUInt(out var value).ShouldBeTrue();
        value.ShouldBe(expected);
        reader.Rest.ToArray().ShouldBe([1]);
        for (var length = 0; length < bytes.Length; length++)
        {
            new CompactReader(bytes.AsSpan(0, length)).TryReadUInt(out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void An_integer_that_is_not_there_is_zero()
    {
        new CompactReader([]).TryReadUInt(out var value).ShouldBeFalse();
        value.ShouldBe(0UL);
    }

    [Fact]
    public void What_does_not_fit_behind_the_rest_is_told_and_not_written()
    {
        var bytes = new byte[3];
        Should.Throw<ArgumentException>(() =>
        {
            var writer = new CompactWriter(bytes);
            writer.WriteBytes([1]);
            writer.WriteBytes([2, 3, 4]);
        }).Message.ShouldStartWith("3 more bytes do not fit after 1 of 3.");
        bytes.ShouldBe([1, 0, 0]);
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
