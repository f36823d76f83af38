using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>However often a message was reacted to, its newest reactions are looked at, the same ones on every node.</summary>
public sealed class NewestReactionsTests
{
    private const uint Number = 7;

    private static readonly EntryId s_message = TestKeys.Entry("message");

    private readonly MemoryStore _store = new();
    private readonly WriteBatch _batch = new();

    [Fact]
    public void The_newest_words_of_a_person_count_and_nobody_elses_are_fewer_for_it()
    {
        Put("bob", 1);
        for (var i = 2UL; i < 400; i++)
        {
            Put("mallory", i);
        }

        Put("carol", 400);
        Times("mallory").ShouldBe(Enumerable.Range(272, 128).Select(time => (ulong)time));
        Times("bob").ShouldBe([1UL]);
        Times("carol").ShouldBe([400UL]);
    }

    [Fact]
    public void Of_all_people_together_the_newest_words_count()
    {
        for (var i = 0; i < Limits.ReactionsOfMessage + 40; i++)
        {
            Put($"person {i % 40}", (ulong)i);
        }

        _store.Write(_batch);
        var counting = new CountingStore(_store);
        var rows = NewestReactions.Of(counting, Number, s_message).Select(TimeOf).ToList();
        rows.ShouldBe(Enumerable.Range(40, Limits.ReactionsOfMessage).Select(time => (ulong)time));
        counting.Moves.ShouldBeLessThanOrEqualTo(Limits.ReactionsOfMessage);
    }

    [Fact]
    public void Words_in_another_conversation_take_no_place()
    {
        Put("bob", 1);
        for (var i = 2UL; i < (ulong)Limits.ReactionsOfMessage + 100; i++)
        {
            Put("bob", i, Number + 1);
        }

        Times("bob").ShouldBe([1UL]);
    }

    [Fact]
    public void A_page_opens_no_more_of_one_person_than_count_and_shows_what_these_say()
    {
        var scene = new HostileScene();
        var (alice, mallory) = (scene.Alice, scene.Mallory);
        var target = alice.Send(scene.Group, "target");
        alice.Do(new NodeCommand.React(scene.Group, target, "👍", false)).ShouldBeOfType<NodeResult.Written>();
        Give(Enumerable.Range(0, 300).Select(i => React($"x{i}")));
        Shown().ShouldBe(["👍", .. Enumerable.Range(172, 64).Select(i => $"x{i}")]);

        // What is too old to count is taken back in vain, and without another's being touched.
        Give([React("x3", isRemoval: true), React("x180", isRemoval: true)]);
        Shown().ShouldBe(["👍", .. Enumerable.Range(174, 64).Where(i => i != 180).Select(i => $"x{i}")]);
        var reads = new CountingStore(alice.Store);
        new NodeReader(reads, LoopbackNode.Cryptography, alice.Secrets).Page(scene.Group, 100, null).Count.ShouldBe(2);
        reads.Entries.ShouldBeLessThan(128 + 16);
        scene.World.Pass(TimeSpan.FromSeconds(10));
        scene.Bob.Reader.Find(scene.Group, target)!.Reactions.Select(reaction => reaction.Emoji).ShouldBe(Shown());

        IEnumerable<string> Shown() => alice.Reader.Find(scene.Group, target)!.Reactions.Select(reaction => reaction.Emoji);

        Entry React(string emoji, bool isRemoval = false) => mallory.Write(
            mallory.Draft(EntryKind.Reaction), new ReactionBody { Target = ByteString.CopyFrom(target.ToArray()), Emoji = emoji, Remove = isRemoval });

        void Give(IEnumerable<Entry> entries) => mallory.Give(alice, [.. entries.Chunk(64).Select(some => mallory.Sign(some))]);
    }

    private void Put(string by, ulong time, uint number = Number) => _batch.Put(
        ColumnFamily.Relations,
        StoreKeys.Relation(s_message, 'r', new HybridTimestamp(time), TestKeys.Entry($"{number} {time}")),
        [.. EntryPlace.Encode(number, time), .. TestKeys.Identity(by).ToArray()]);

    private IEnumerable<ulong> Times(string by)
    {
        _store.Write(_batch);
        return NewestReactions.Of(_store, Number, s_message).Where(row => new IdentityId(row.AsSpan(12)) == TestKeys.Identity(by)).Select(TimeOf);
    }

    private static ulong TimeOf(byte[] row) => EntryPlace.Decode(row).Arrival;

    /// <summary>Counts entries that are read, and steps of walks.</summary>
    private sealed class CountingStore(IStoreReader store) : IStoreReader
    {
        public int Entries { get; private set; }

        public int Moves { get; private set; }

        public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
        {
            Entries += family == ColumnFamily.Entries ? 1 : 0;
            return store.TryGet(family, key, out value);
        }

        public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false) =>
            new Walk(store.Scan(family, from, until, reverse), () => Moves++);
    }

    private sealed class Walk(IStoreIterator walk, Action moved) : IStoreIterator
    {
        public ReadOnlySpan<byte> Key => walk.Key;

        public ReadOnlySpan<byte> Value => walk.Value;

        public bool MoveNext()
        {
            moved();
            return walk.MoveNext();
        }

        public void Dispose() => walk.Dispose();
    }
}
