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
            read.IsOrdinary.ShouldBe(message.IsOrdinary);
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
    [InlineData("c00b", "the end of the header")]
    [InlineData("c0", "nothing, being cut")]
    [InlineData("40", "a label type that does not exist")]
    [InlineData("3f61", "a label that is cut")]
    public void A_name_that_points_wrong_is_refused(string name, string where) =>
        DnsMessage.Read(Convert.FromHexString("000000000001000000000000" + name + "000c0001")).ShouldBeNull(where);

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
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

    [Theory]
    [InlineData(61, true)]
    [InlineData(62, false)]
    [InlineData(63, false)]
    public void A_name_of_more_than_255_bytes_is_refused(int last, bool isRead)
    {
        var bytes = new List<byte>(Convert.FromHexString("000000000001000000000000"));
        foreach (var length in new[] { 63, 63, 63, last })
        {
            bytes.Add((byte)length);
            bytes.AddRange(new byte[length]);
        }

        bytes.AddRange([0, 0, 12, 0, 1]);
        (DnsMessage.Read(bytes.ToArray()) is not null).ShouldBe(isRead);
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x80)]
    [InlineData(0xbf)]
    public void A_label_of_a_type_that_does_not_exist_is_refused_whatever_follows(byte label) =>
        DnsMessage.Read([.. Convert.FromHexString("000000000001000000000000"), label, .. new byte[250]]).ShouldBeNull();

    [Theory]
    [InlineData("000000000001000000000000" + "0161" + "00" + "000c0001")]
    [InlineData("000084000000000100000000" + "00" + "002100010000000a0007" + "00000000116700")]
    [InlineData("000084000000000000010000" + "00" + "002f00010000000a0004" + "00000140")]
    [InlineData("000084000000000000000001" + "00" + "001000010000000a0001" + "00")]
    public void A_message_that_is_cut_anywhere_is_refused(string message)
    {
        var bytes = Convert.FromHexString(message);
        DnsMessage.Read(bytes).ShouldNotBeNull();
        for (var length = 0; length < bytes.Length; length++)
        {
            DnsMessage.Read(bytes.AsSpan(0, length)).ShouldBeNull($"{length} bytes");
        }
    }

    [Fact]
    public void A_message_of_more_than_9000_bytes_is_neither_read_nor_written()
    {
        DnsMessage.Read(new byte[9000]).ShouldNotBeNull();
        DnsMessage.Read(new byte[9001]).ShouldBeNull();
        OfLength(9000).Write().Length.ShouldBe(9000);
        Should.Throw<InvalidOperationException>(() => OfLength(9001).Write());

        // A header of 12 bytes, and a record of 11 before its data.
        static DnsMessage OfLength(int length) => new() { Answers = [new DnsRecord(DnsName.Of(), new DnsData.Text(new byte[length - 23]), 10)] };
    }

    [Fact]
    public void Another_opcode_or_a_response_code_is_not_ordinary()
    {
        for (var bit = 0; bit < 16; bit++)
        {
            var bytes = new byte[12];
            bytes[bit < 8 ? 3 : 2] = (byte)(1 << (bit % 8));
            DnsMessage.Read(bytes)!.IsOrdinary.ShouldBe(bit is > 3 and < 11 or 15, $"bit {bit}");
        }
    }

    [Fact]
    public void A_time_to_live_with_its_top_bit_set_is_none() =>
        DnsMessage.Read(Convert.FromHexString("000084000000000100000000" + "00" + "001000018000000a0001" + "00"))!.Answers.Single().Seconds.ShouldBe(0u);

    [Theory]
    [InlineData("", new ushort[0])]
    [InlineData("000140", new ushort[] { 1 })]
    [InlineData("000180", new ushort[] { 0 })]
    [InlineData("0001400002c001", new ushort[] { 1, 0, 15 })]
    [InlineData("000140010120", new ushort[] { 1 })]
    [InlineData("0020" + "00000000000000000000000000000000000000000000000000000000000000" + "01", new ushort[] { 255 })]
    public void Types_below_256_are_read_each_once_and_others_are_passed_over(string windows, ushort[] types) =>
        DnsMessage.Read(Convert.FromHexString($"00008400000000010000000000002f000100000001{1 + (windows.Length / 2):x4}00{windows}"))!
            .Answers.Single().Data.ShouldBeOfType<DnsData.NextSecure>().Types.ShouldBe(types);

    [Fact]
    public void A_name_that_goes_on_behind_its_record_is_refused() =>
        DnsMessage.Read(Convert.FromHexString("00008400000000010000000000002f0001000000010001" + "0161000140")).ShouldBeNull();

    [Fact]
    public void A_name_without_types_and_an_empty_text_are_written_as_such()
    {
        DnsRecord[] records = [new(s_type, new DnsData.NextSecure(s_type, []), 10), new(s_type, new DnsData.Text(default), 10)];
        var read = DnsMessage.Read(new DnsMessage { Answers = records }.Write())!.Answers;
        read[0].ShouldBe(records[0]);
        read[1].Data.ShouldBe(new DnsData.Text(new byte[1]), "one string, if an empty one");
    }

    [Fact]
    public void Names_in_data_are_whole_where_they_are_not_to_be_compressed()
    {
        foreach (var data in (DnsData[])[new DnsData.NextSecure(s_type, []), new DnsData.Service(0, 0, 1, s_type)])
        {
            var message = new DnsMessage { Answers = [new DnsRecord(s_type, data, 10)] };
            (message.Write(compressData: false).Length - message.Write().Length).ShouldBe(s_type.Wire.Length - 2);
        }
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
    [InlineData("001c", "000000000000000000000000000000")]
    [InlineData("0021", "")]
    [InlineData("0021", "000000")]
    [InlineData("0021", "0000000000")]
    [InlineData("0021", "000000000000")]
    [InlineData("0021", "00000000000000ff")]
    [InlineData("000c", "0000")]
    [InlineData("002f", "0000")]
    [InlineData("002f", "000002")]
    [InlineData("002f", "00000240")]
    [InlineData("002f", "00000000")]
    [InlineData("002f", "000021000000000000000000000000000000000000000000000000000000000000000000")]
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
