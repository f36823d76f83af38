using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

public sealed class ContactStateTests
{
    private readonly ContactState _alice = new(TestKeys.Card("alice", "phone", "Alice", leafIndex: 3), string.Empty);

    [Theory]
    [InlineData("phone", 2, false)]
    [InlineData("phone", 3, true)]
    [InlineData("phone", 4, true)]
    [InlineData("laptop", 0, true)]
    public void A_card_takes_the_place_of_one_that_is_older_or_another_devices(string device, uint leafIndex, bool isLearned)
    {
        _alice.Learn(TestKeys.Card("alice", device, "Alice B.", leafIndex));
        _alice.Card.Name.ShouldBe(isLearned ? "Alice B." : "Alice");
    }

    [Fact]
    public void Eight_addresses_are_kept_the_newest_first()
    {
        _alice.AddAddresses(Addresses(1, 8));
        _alice.Addresses.ShouldBe(Addresses(1, 8).Reverse());
        _alice.AddAddresses(["host3:1"]);
        _alice.Addresses.ShouldBe(["host3:1", "host8:1", "host7:1", "host6:1", "host5:1", "host4:1", "host2:1", "host1:1"]);
        _alice.AddAddresses(Addresses(9, 2));
        _alice.Addresses.ShouldBe(["host10:1", "host9:1", "host3:1", "host8:1", "host7:1", "host6:1", "host5:1", "host4:1"]);
    }

    [Theory]
    [InlineData("", "Alice")]
    [InlineData("A", "A")]
    [InlineData("aunt", "aunt")]
    public void They_are_called_by_the_readers_own_name_if_there_is_one(string localName, string name)
    {
        _alice.LocalName = localName;
        var contact = _alice.ToContact();
        (contact.Name, contact.OwnName).ShouldBe((name, "Alice"));
    }

    [Fact]
    public void New_addresses_are_dialled_twice_a_minute_however_often_others_are_named()
    {
        var start = new Instant(1_000_000);
        var dialled = new SortedSet<long>();
        for (var second = 0; second < 300; second++)
        {
            var from = _alice.MayBeDialledAnewFrom(start + TimeSpan.FromSeconds(second));
            _alice.DialledAnew(from);
            dialled.Add((long)(from - start).TotalSeconds);
        }

        dialled.Count(at => at < 60).ShouldBe(2);
        dialled.Count(at => at < 240).ShouldBe(8);
        dialled.ShouldContain(0);
    }

    [Fact]
    public void Addresses_outlive_a_restart()
    {
        _alice.AddAddresses(Addresses(1, 3));
        ContactState.Decode(_alice.Encode()).Addresses.ShouldBe(_alice.Addresses);
    }

    [Fact]
    public void A_card_that_is_damaged_in_the_store_is_named() =>
        Should.Throw<StoreException>(() => ContactState.Decode(new ContactRecord { Card = ByteString.CopyFromUtf8("no card") }.ToByteArray()))
            .Message.ShouldBe("A contact's card is damaged: restore the home from a backup.");

    private static IEnumerable<string> Addresses(int first, int count) => Enumerable.Range(first, count).Select(i => $"host{i}:1");
}
