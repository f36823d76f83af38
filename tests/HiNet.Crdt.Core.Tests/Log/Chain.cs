using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

/// <summary>Builds one device's chain in one conversation, in memory.</summary>
internal sealed class Chain(string device, string conversation = "a conversation")
{
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Adds entries up to and with <paramref name="seq"/>; <paramref name="branch"/> makes them differ from another chain's.</summary>
    public Chain Extend(int seq, string branch = "")
    {
        while (_entries.Count <= seq)
        {
            var previous = _entries.Count > 0 ? _entries[^1] : null;
            _entries.Add(Entry.Create(
                TestKeys.Sodium,
                new EntryHeader
                {
                    Conversation = new ConversationId(TestKeys.Named(conversation)),
                    Device = TestKeys.Device(device),
                    Seq = (ulong)_entries.Count,
                    Previous = previous?.Id,
                    Hlc = HybridTimestamp.After(previous?.Header.Hlc ?? default, 1_700_000_000_000),
                    Depth = (ulong)_entries.Count,
                    Authority = TestKeys.Named($"authority {branch}"),
                    Kind = EntryKind.Introduce,
                },
                null));
        }

        return this;
    }

    /// <summary>A copy up to and with <paramref name="seq"/>, to go on with in another way.</summary>
    public Chain ForkAfter(int seq)
    {
        var fork = new Chain(device, conversation);
        fork._entries.AddRange(_entries.Take(seq + 1));
        return fork;
    }

    public SignedPath Path(int from, int to) => new(
        [.. _entries.Take(to + 1).Skip(from).Select(entry => entry.HeaderBytes)],
        EntrySignature.Sign(TestKeys.Sodium, TestKeys.Signing(device).SecretKey, _entries[to].Id));
}
