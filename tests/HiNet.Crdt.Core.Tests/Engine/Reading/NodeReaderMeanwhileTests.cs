using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>A batch becomes durable while someone reads: what is read of it is read whole.</summary>
public sealed class NodeReaderMeanwhileTests
{
    [Fact]
    public void Whoever_wrote_for_the_first_time_meanwhile_is_known_by_name()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        world.Pass(TimeSpan.FromSeconds(2));
        var reader = new NodeReader(
            new Meanwhile(alice.Store, () =>
            {
                bob.Send(group, "hello");
                world.Pass(TimeSpan.FromSeconds(2));
            }),
            LoopbackNode.Cryptography,
            alice.Secrets);

        var added = reader.Events(group, EventCursor.Start, 1_000).OfType<MessageAdded>().ShouldHaveSingleItem();
        added.Message.Author.ShouldBe(new Person(bob.Identity, "bob"));
    }

    /// <summary>Lets something happen just before the first look at entries.</summary>
    private sealed class Meanwhile(IStoreReader store, Action happens) : IStoreReader
    {
        private Action? _happens = happens;

        public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? value) =>
            store.TryGet(family, key, out value);

        public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
        {
            if (family == ColumnFamily.Entries)
            {
                var happens = _happens;
                _happens = null;
                happens?.Invoke();
            }

            return store.Scan(family, from, until, reverse);
        }
    }
}
