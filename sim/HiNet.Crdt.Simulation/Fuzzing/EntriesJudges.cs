using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// The replicas of a case that are compared: the two that were there all the time, two fresh copies of the scribe's home and one of the other's. Equal
/// homes must show the same; all must have the same state.
/// </summary>
internal sealed class EntriesJudges(FuzzScene scene, FuzzPool pool, FuzzHonest honest)
{
    private readonly List<(FuzzReplica Replica, string Name, bool IsEarly)> _fresh =
    [
        (scene.Fresh(0, 10), "the first copy", true),
        (scene.Fresh(0, 11), "the second copy", false),
        (scene.Fresh(1, 12), "the other's copy", true),
    ];

    private IEnumerable<(FuzzReplica Replica, string Name)> All =>
        [(scene.Scribe, "the scribe"), (scene.Other, "the other"), .. _fresh.Select(judge => (judge.Replica, judge.Name))];

    /// <summary>Hands everything to those that get it before, or behind, the long time at the end.</summary>
    public void Deliver(bool before)
    {
        var number = 0;
        foreach (var (replica, _, isEarly) in _fresh)
        {
            number++;
            if (isEarly == before)
            {
                new FuzzDelivery(scene, replica, (1UL << 32) + (ulong)number).Deliver(pool.Entries);
            }
        }
    }

    /// <summary>Once each was offered all that there is, they hold the same, are in the same state and show the same.</summary>
    public void Compare(string when)
    {
        foreach (var (replica, _) in All)
        {
            new FuzzDelivery(scene, replica, 0).Complete(pool.Entries);
        }

        var hasReceipts = MarksFewAhead();
        var shown = new SortedDictionary<string, (string Name, string Text)>(StringComparer.Ordinal);
        foreach (var (replica, name) in All)
        {
            var reference = scene.Scribe.Replica;
            if (pool.Entries.FirstOrDefault(entry => reference.Knows(entry.Id) != replica.Replica.Knows(entry.Id)) is { } one)
            {
                throw new FuzzFinding("equal-entries", $"{when}, entry {one.Number} of kind {one.Header.Kind} is applied by {(reference.Knows(one.Id) ? "the scribe" : name)} and not by {(reference.Knows(one.Id) ? name : "the scribe")}");
            }

            var frontier = replica.Replica.CurrentFrontier().Digest(scene.Cryptography);
            FuzzFinding.Require(frontier == reference.CurrentFrontier().Digest(scene.Cryptography), "equal-frontier", () => $"{when}, {name} has another frontier than the scribe");
            FuzzFinding.Require(replica.Replica.StateHash() == reference.StateHash(), "equal-state-hash", () => $"{when}, {name} has another state hash than the scribe");
            var status = replica.Reader.StatusOf(scene.Conversation);
            FuzzFinding.Require(
                status.StateHash == reference.StateHash() && status.Entries == (long)reference.EntryCount,
                "equal-status",
                () => $"{when}, {name} says of itself that it has {status.Entries} entries, and a state that differs from what it holds");
            var home = replica.Home.Device.ToString();
            var text = FuzzShown.Of(replica.Reader, scene.Conversation, hasReceipts);
            _ = replica.Reader.Events(scene.Conversation, EventCursor.Start, int.MaxValue);
            if (!HasItsLeaf(replica))
            {
                // A copy of its device has introduced a leaf key that it does not hold: what it made itself it can read, and no copy of it can.
                scene.Record.Count("leavesLost");
            }
            else if (shown.TryGetValue(home, out var first))
            {
                FuzzFinding.Require(first.Text == text, "equal-shown", () => $"{when}, {first.Name} and {name} of one home show {FuzzShown.Difference(first.Text, text)}");
            }
            else
            {
                shown.Add(home, (name, text));
            }

            scene.Record.Hash.Fold(replica.Replica.StateHash().ToArray());
            scene.Record.Hash.Fold(text);
        }
    }

    /// <summary>A fresh copy of either home writes, as its person could, and everyone takes it.</summary>
    public void LetWrite()
    {
        var before = pool.Entries.Count;
        foreach (var replica in new[] { _fresh[0].Replica, _fresh[2].Replica })
        {
            if (!honest.MayWrite(replica))
            {
                scene.Record.Count("mayNotWrite");
                continue;
            }

            honest.MustWrite(replica, own =>
            {
                own.AppendContent(EntryKind.Message, new MessageBody { Text = "in the end" }, scene.Now);
                own.EnsureEpoch(scene.Now);
                own.AppendReceipt(null, scene.Now);
            });
            honest.Settle(replica, null);
        }

        foreach (var entry in pool.Entries.Skip(before))
        {
            FuzzFinding.Require(scene.Scribe.Replica.Knows(entry.Id), "taken-by-others", () => $"the scribe does not apply an entry of kind {entry.Header.Kind} that an honest replica wrote in the end");
        }
    }

    /// <summary>All start again from their disks.</summary>
    public void Restart()
    {
        foreach (var (replica, _) in All)
        {
            replica.Restart();
        }
    }

    /// <summary>Steps and memory, against what each was given.</summary>
    public void Count()
    {
        foreach (var (replica, name) in All)
        {
            FuzzBudget.Check(scene, replica, name);
        }
    }

    private static bool HasItsLeaf(FuzzReplica replica) =>
        !replica.Replica.Authority.TryGetDevice(replica.Home.Device, out var device)
        || replica.Home.LeafSecrets.Any(leaf => leaf.Index == device.Card.LeafIndex && device.Card.LeafKey == replica.LeafKey);

    /// <summary>Of nobody more messages are marked as read, ahead of their coming, than a replica remembers.</summary>
    private bool MarksFewAhead() =>
        pool.Entries.Where(entry => entry.Header.Kind == EntryKind.Receipt && entry.Operation?.Kind == FuzzKind.Receipt)
            .GroupBy(entry => entry.Writer.Identity)
            .All(receipts => receipts.Count() <= Core.Engine.Replicas.ReceiptState.MaxAwaited);
}
