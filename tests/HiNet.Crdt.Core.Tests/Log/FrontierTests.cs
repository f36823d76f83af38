using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class FrontierTests
{
    private static readonly Gen<FrontierHead[]> s_heads = Gen.Sized(size => Gen.ArrayOf(Generators.Head, size % 40));

    [Fact]
    public void A_frontier_is_the_same_whatever_order_its_heads_came_in() => Prop.ForAll(s_heads.ToArbitrary(), heads =>
    {
        var one = Frontier.From(heads);
        var other = Frontier.From([.. heads.Reverse(), .. heads]);
        other.Heads.ShouldBe(one.Heads);
        other.Digest(TestKeys.Sodium).ShouldBe(one.Digest(TestKeys.Sodium));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Encoding_is_read_back() => Prop.ForAll(s_heads.ToArbitrary(), heads =>
    {
        var frontier = Frontier.From(heads.DistinctBy(head => (head.Device, head.Head)));
        Frontier.TryDecode(frontier.Encode(), out var decoded).ShouldBeTrue();
        decoded.Heads.ShouldBe(frontier.Heads);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Changed_bytes_decode_to_themselves_or_not_at_all()
    {
        var changed = from heads in s_heads
                      from at in Gen.Choose(0, 100_000)
                      from value in Gen.Choose(0, 255)
                      from cut in Gen.Elements(0, 0, 1, 32)
                      select Change(Frontier.From(heads).Encode(), at, (byte)value, cut);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(changed.ToArbitrary(), bytes =>
        {
            if (Frontier.TryDecode(bytes, out var frontier))
            {
                frontier.Encode().ShouldBe(bytes);
            }
        }));
    }

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_is_refused_before_anything_is_allocated()
    {
        Frontier.TryDecode([0xff, 0xff, 0x03], out _).ShouldBeFalse();
        Frontier.TryDecode([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], out _).ShouldBeFalse();
        Frontier.TryDecode([], out _).ShouldBeFalse();
        Frontier.TryDecode([0], out var empty).ShouldBeTrue();
        empty.Count.ShouldBe(0);
        Frontier.TryDecode([0x80, 0x00], out _).ShouldBeFalse();
    }

    [Fact]
    public void As_many_heads_as_may_be_are_read_and_not_one_more()
    {
        var most = OfDevices(EntryLimits.MaxFrontierHeads).Encode();
        Frontier.TryDecode(most, out var frontier).ShouldBeTrue();
        frontier.Count.ShouldBe(EntryLimits.MaxFrontierHeads);
        frontier.IsCut.ShouldBeTrue();
        byte[] more = [0x81, .. most.AsSpan(1), .. Enumerable.Repeat((byte)0xff, 32), 1, .. new byte[32]];
        Frontier.TryDecode(more, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_written_can_be_read_however_many_heads_there_are()
    {
        var frontier = OfDevices(EntryLimits.MaxFrontierHeads + 3);
        Frontier.TryDecode(frontier.Encode(), out var named).ShouldBeTrue();
        named.Heads.ShouldBe(frontier.Heads.Take(EntryLimits.MaxFrontierHeads));
        frontier.Digest(TestKeys.Sodium).ShouldNotBe(named.Digest(TestKeys.Sodium), "it is of all");
        OfDevices(EntryLimits.MaxFrontierHeads - 1).IsCut.ShouldBeFalse();
    }

    [Theory]
    [InlineData(63, 63, false)]
    [InlineData(64, 64, true)]
    [InlineData(65, 64, true)]
    [InlineData(1_000, 64, true)]
    public void Of_a_device_that_forks_again_and_again_some_heads_are_named(int heads, int named, bool isCut)
    {
        var (one, other) = (new DeviceId(Drawn(1)), new DeviceId(Drawn(2)));
        var frontier = Frontier.From([.. OfOne(one, heads), new FrontierHead(other, 7, new EntryId(Drawn(9)))]);
        Frontier.TryDecode(frontier.Encode(), out var read).ShouldBeTrue();
        read.HeadsOf(one).ToArray().ShouldBe(frontier.HeadsOf(one)[..named].ToArray());
        read.HeadsOf(other).Length.ShouldBe(1);
        read.IsCut.ShouldBe(isCut);

        static IEnumerable<FrontierHead> OfOne(DeviceId device, int count) =>
            Enumerable.Range(0, count).Select(i => new FrontierHead(device, 1, new EntryId(Drawn(i))));
    }

    private static Frontier OfDevices(int count) =>
        Frontier.From(Enumerable.Range(0, count).Select(i => new FrontierHead(new DeviceId(Drawn(i)), 1, new EntryId(Drawn(1)))));

    private static byte[] Drawn(int number)
    {
        var id = new byte[Bytes32.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(id, number);
        return id;
    }

    [Fact]
    public void The_heads_of_a_device_are_its_own()
    {
        DeviceId[] devices = [.. Enumerable.Range(1, 3).Select(i => new DeviceId(Generators.Drawn(i))).Order()];
        var frontier = Frontier.From([.. devices.SelectMany(device => new[]
        {
            new FrontierHead(device, 4, new EntryId(Generators.Drawn(11))), new FrontierHead(device, 5, new EntryId(Generators.Drawn(12))),
        })]);
        foreach (var device in devices)
        {
            var heads = frontier.HeadsOf(device).ToArray();
            heads.Length.ShouldBe(2);
            heads.ShouldAllBe(head => head.Device == device);
        }

        frontier.HeadsOf(new DeviceId(Generators.Drawn(4))).Length.ShouldBe(0);
    }

    [Fact]
    public void The_last_group_of_the_longest_number_has_one_bit()
    {
        var bytes = Frontier.From([new FrontierHead(new DeviceId(Generators.Drawn(1)), ulong.MaxValue, new EntryId(Generators.Drawn(2)))]).Encode();
        Frontier.TryDecode(bytes, out var frontier).ShouldBeTrue();
        frontier.Heads[0].Seq.ShouldBe(ulong.MaxValue);
        var last = 1 + Bytes32.Size + 9;
        bytes[last].ShouldBe((byte)1);
        foreach (var group in new byte[] { 0, 2, 3, 0x7f, 0x81 })
        {
            bytes[last] = group;
            Frontier.TryDecode(bytes, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Advancing_replaces_the_head_that_it_follows_and_keeps_the_others()
    {
        var device = TestKeys.Device("device");
        var first = new FrontierHead(device, 0, TestKeys.Entry("0"));
        var second = new FrontierHead(device, 1, TestKeys.Entry("1"));
        var fork = new FrontierHead(device, 1, TestKeys.Entry("1, forked"));

        var frontier = Frontier.Empty.Advance(first, null).Advance(second, first.Head);
        frontier.Heads.ShouldBe([second]);
        frontier.IsForked(device).ShouldBeFalse();

        frontier = frontier.Advance(fork, first.Head);
        frontier.Count.ShouldBe(2);
        frontier.IsForked(device).ShouldBeTrue();
        frontier.Contains(second).ShouldBeTrue();
        frontier.Contains(fork).ShouldBeTrue();
        frontier.Contains(first).ShouldBeFalse();
    }

    [Fact]
    public void A_device_is_contained_up_to_its_highest_head()
    {
        var device = TestKeys.Device("device");
        var frontier = Frontier.From([new(device, 4, TestKeys.Entry("a")), new(device, 9, TestKeys.Entry("b"))]);
        frontier.Contains(device, 9).ShouldBeTrue();
        frontier.Contains(device, 10).ShouldBeFalse();
        frontier.Contains(TestKeys.Device("another"), 0).ShouldBeFalse();
        frontier.TryGetSeq(TestKeys.Device("another"), out _).ShouldBeFalse();
    }

    [Fact]
    public void Another_head_gives_another_digest()
    {
        var device = TestKeys.Device("device");
        var digests = new[]
        {
            Frontier.Empty,
            Frontier.From([new(device, 1, TestKeys.Entry("a"))]),
            Frontier.From([new(device, 2, TestKeys.Entry("a"))]),
            Frontier.From([new(device, 1, TestKeys.Entry("b"))]),
        }.Select(frontier => frontier.Digest(TestKeys.Sodium));
        digests.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Heads_that_do_not_ascend_are_refused()
    {
        DeviceId[] devices = [.. Enumerable.Range(1, 2).Select(i => new DeviceId(Generators.Drawn(i))).Order()];
        EntryId[] ids = [.. Enumerable.Range(3, 2).Select(i => new EntryId(Generators.Drawn(i))).Order()];
        IsRead(new(devices[0], 1, ids[0]), new(devices[0], 1, ids[1])).ShouldBeTrue();
        IsRead(new(devices[0], 1, ids[1]), new(devices[1], 1, ids[0])).ShouldBeTrue();
        IsRead(new(devices[0], 1, ids[1]), new(devices[0], 1, ids[0])).ShouldBeFalse("heads of one device");
        IsRead(new(devices[0], 1, ids[0]), new(devices[0], 1, ids[0])).ShouldBeFalse("one twice");
        IsRead(new(devices[1], 1, ids[0]), new(devices[0], 1, ids[1])).ShouldBeFalse("devices");

        static bool IsRead(FrontierHead one, FrontierHead other) =>
            Frontier.TryDecode([2, .. Frontier.From([one]).Encode()[1..], .. Frontier.From([other]).Encode()[1..]], out _);
    }

    [Fact]
    public void A_number_of_more_than_ten_groups_is_refused()
    {
        var bytes = Frontier.From([new FrontierHead(new DeviceId(Generators.Drawn(1)), 0, new EntryId(Generators.Drawn(2)))]).Encode();
        var at = 1 + Bytes32.Size;
        Frontier.TryDecode([.. bytes[..at], .. Enumerable.Repeat((byte)0x80, 10), 1, .. bytes[(at + 1)..]], out _).ShouldBeFalse();
    }

    [Fact]
    public void Heads_that_are_cut_off_behind_long_numbers_are_refused()
    {
        // Each number takes ten bytes, so that what would be enough for eight heads of the shortest kind ends within the eighth.
        FrontierHead[] heads = [.. Enumerable.Range(1, 8).Select(i => new FrontierHead(new DeviceId(Generators.Drawn(i)), ulong.MaxValue, new EntryId(Generators.Drawn(i))))];
        var bytes = Frontier.From(heads).Encode();
        Frontier.TryDecode(bytes, out _).ShouldBeTrue();
        for (var length = 0; length < bytes.Length; length++)
        {
            Frontier.TryDecode(bytes.AsSpan(0, length), out _).ShouldBeFalse($"{length} bytes");
        }
    }

    [Fact]
    public void A_device_with_one_entry_has_the_seq_of_its_first()
    {
        var device = TestKeys.Device("device");
        var frontier = Frontier.Empty.Advance(new FrontierHead(device, 0, TestKeys.Entry("0")), null);
        frontier.TryGetSeq(device, out var seq).ShouldBeTrue();
        seq.ShouldBe(0UL);
        frontier.Contains(device, 1).ShouldBeFalse();
    }

    private static byte[] Change(byte[] bytes, int at, byte value, int cut)
    {
        bytes[at % bytes.Length] ^= value;
        return bytes[..Math.Max(0, bytes.Length - cut)];
    }
}
