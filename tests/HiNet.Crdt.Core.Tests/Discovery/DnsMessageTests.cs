using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class DnsMessageTests
{
    private static readonly DnsName s_type = DnsName.Of("_hinet", "_udp", "local");

    [Fact]
    public void What_is_written_reads_as_the_same() =>
        Prop.ForAll(DnsGenerators.Message.ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (message, compressData) =>
        {
            var read = DnsMessage.Read(message.Write(compressData)).ShouldNotBeNull();
            read.Id.ShouldBe(message.Id);
            read.IsResponse.ShouldBe(message.IsResponse);
            read.IsTruncated.ShouldBe(message.IsTruncated);
            read.IsOrdinary.ShouldBeTrue();
            read.Questions.ShouldBe(message.Questions);
            read.Answers.ShouldBe(message.Answers);
            read.Authorities.ShouldBe(message.Authorities);
            read.Additionals.ShouldBe(message.Additionals);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_mutated_message_is_read_or_refused_and_never_throws() =>
        Prop.ForAll(DnsGenerators.Message.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (message, seed) =>
        {
            var random = new Random(seed);
            var bytes = message.Write();
            for (var i = 0; i < 20; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                var length = random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length;
                if (DnsMessage.Read(bytes.AsSpan(0, length)) is { } read)
                {
                    // No more came out than went in: each question takes 5 bytes, each record 11.
                    (read.Questions.Count * 5 + ((read.Answers.Count + read.Authorities.Count + read.Additionals.Count) * 11)).ShouldBeLessThanOrEqualTo(length);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_endings_of_names_are_written_once()
    {
        var message = new DnsMessage
        {
            Questions = [new DnsQuestion(s_type, DnsType.Pointer)],
            Answers = [new DnsRecord(s_type, new DnsData.Pointer(s_type.Under("a")), 10)],
        };

        // Header, question, and a record of a pointer, ten bytes, "a" and a pointer.
        message.Write().Length.ShouldBe(12 + s_type.Wire.Length + 4 + 2 + 10 + 4);
    }

    [Theory]
    [InlineData("c00c", "itself")]
    [InlineData("c00e", "what comes after it")]
    [InlineData("c000", "the header")]
    [InlineData("c0", "nothing, being cut")]
    [InlineData("40", "a label type that does not exist")]
    [InlineData("3f61", "a label that is cut")]
    public void A_name_that_points_wrong_is_refused(string name, string where) =>
        DnsMessage.Read(Convert.FromHexString("000000000001000000000000" + name + "000c0001")).ShouldBeNull(where);

    [Theory]
    [InlineData(10, true)]
    [InlineData(2000, false)]
    public void A_chain_of_pointers_is_followed_only_so_far(int length, bool isRead)
    {
        // The chain stands in the data of a record of an unknown type; the name of a second one is its end.
        var data = (length * 2) + 1;
        var bytes = new List<byte>(Convert.FromHexString("000084000000000200000000"));
        bytes.AddRange([0, 0, 99, 0, 1, 0, 0, 0, 0, (byte)(data >> 8), (byte)data, 0]);
        var target = bytes.Count - 1;
        for (var i = 0; i <= length; i++)
        {
            bytes.AddRange([(byte)(0xc0 | (target >> 8)), (byte)target]);
            target = bytes.Count - 2;
        }

        bytes.AddRange([0, 99, 0, 1, 0, 0, 0, 0, 0, 0]);
        (DnsMessage.Read(bytes.ToArray()) is not null).ShouldBe(isRead);
    }

    [Fact]
    public void A_name_of_more_than_255_bytes_is_refused()
    {
        var bytes = new List<byte>(Convert.FromHexString("000000000001000000000000"));
        for (var i = 0; i < 5; i++)
        {
            bytes.Add(63);
            bytes.AddRange(new byte[63]);
        }

        bytes.AddRange([0, 0, 12, 0, 1]);
        DnsMessage.Read(bytes.ToArray()).ShouldBeNull();
    }

    [Fact]
    public void Unknown_types_classes_and_edns_are_passed_over()
    {
        var known = new DnsRecord(s_type, new DnsData.Pointer(s_type.Under("a")), 10);
        var bytes = new DnsMessage { Answers = [known] }.Write().ToList();
        bytes[11] = 3;
        bytes.AddRange(Convert.FromHexString("00" + "0029" + "05a0" + "00000000" + "0004" + "000a0000"));
        bytes.AddRange(Convert.FromHexString("00" + "ffaa" + "0001" + "00000001" + "0002" + "c0ff"));
        bytes.AddRange(Convert.FromHexString("00" + "0001" + "0003" + "00000001" + "0001" + "00"));
        var read = DnsMessage.Read(bytes.ToArray()).ShouldNotBeNull();
        read.Answers.ShouldBe([known]);
        read.Additionals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0001", "000000")]
    [InlineData("001c", "00000000")]
    [InlineData("0021", "000000000000")]
    [InlineData("0021", "00000000000000ff")]
    [InlineData("000c", "0000")]
    [InlineData("002f", "00000000")]
    public void Data_of_another_length_than_its_type_has_is_refused(string type, string data) =>
        DnsMessage.Read(Convert.FromHexString($"00008400000000010000000000{type}000100000001{data.Length / 2:x4}{data}")).ShouldBeNull();

    [Fact]
    public void Counts_that_are_merely_claimed_allocate_nothing()
    {
        var bytes = Convert.FromHexString("0000840000ffffffffffffffff".PadRight(24, '0')[..24]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DnsMessage.Read(bytes).ShouldBeNull();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4096);
    }

    [Fact]
    public void Names_have_no_case_and_keep_the_one_they_came_with()
    {
        var name = DnsName.Of("Printer", "LOCAL");
        name.ShouldBe(DnsName.Of("printer", "local"));
        name.GetHashCode().ShouldBe(DnsName.Of("printer", "local").GetHashCode());
        name.ToString().ShouldBe("Printer.LOCAL.");
        DnsName.Of("a.b\\", "\u00e9").ToString().ShouldBe("a\\.b\\\\.\\195\\169.");
        name.IsChildOf(DnsName.Of("local")).ShouldBeTrue();
        name.IsChildOf(name).ShouldBeFalse();
        DnsName.Of("a", "b", "local").IsChildOf(DnsName.Of("local")).ShouldBeFalse();
    }
}
