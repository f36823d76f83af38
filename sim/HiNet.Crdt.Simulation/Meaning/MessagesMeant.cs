using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Members are shown what was meant: every message of what their node holds, in order, with its text, its author, what was done to it
/// and whom it has reached. Looked at through pages of several sizes, from the end and from the middle, and one by one. In the end
/// all of it is there; before, never more than is so, and nothing that was shown is taken back.
/// </summary>
internal sealed class MessagesMeant(InvariantChecker checker) : Invariant(checker)
{
    private const int LargestPage = 10_000;
    private const int LongestLook = 24;

    private readonly SortedDictionary<(int Node, ConversationId Conversation), ShownBefore> _before = [];
    private ulong _looks;

    public override string Id => "content-model";

    /// <summary>One page of each of a few conversations, drawn.</summary>
    public override void Looked()
    {
        Settle();
        foreach (var ledger in Checker.Ledgers)
        {
            if (Checker.Expectations.Reader(ledger) is { } process)
            {
                Look(process, ledger);
            }
        }
    }

    public override void Quiet()
    {
        DiskIntents.Learn(Checker, Checker.Intents);
        Settle();
        foreach (var ledger in Checker.Ledgers)
        {
            foreach (var process in Checker.Expectations.Readers(ledger))
            {
                End(process, ledger, Checker.Expectations.Of(ledger, process.Index));
            }
        }
    }

    /// <summary>
    /// In words, a message that someone holds and that others are not yet shown as delivered to them; null when all is. A receipt waits
    /// for company, and for the first peer after a restart. Receipts name the last message of a device, so that one is looked at; of an adversary's,
    /// which may fork, all are.
    /// </summary>
    public string? Owed()
    {
        Settle();
        foreach (var ledger in Checker.Ledgers)
        {
            foreach (var process in Checker.Processes)
            {
                if (process is { Home: EngineHome, IsUp: true } && Checker.IsReliable(process) && ledger.Held(process.Index) == ledger.Entries.Count && Checker.Custody.MustHold(process, ledger.Id)
                    && Owed(process, ledger) is { } owed && HandedKeys.AreComplete(Checker, process, ledger) && WithheldKeys.AreComplete(Checker, process, ledger))
                {
                    return owed;
                }
            }
        }

        return null;
    }

    private string? Owed(NodeProcess process, ConversationLedger ledger)
    {
        var expected = Checker.Expectations.Of(ledger, process.Index);
        var judge = new MessageJudge(Checker, process, expected, isEnd: true);
        var conversation = ConversationOf(process, ledger.Id);
        HashSet<DeviceId> seen = [];
        foreach (var message in expected.Messages.Reverse())
        {
            var wasLooked = !seen.Add(message.Entry.Entry.Device) && Checker.HomeOf(message.Entry.Entry.Device) is { IsHonest: true };
            if (wasLooked || conversation.Find(message.Id) is not { } shown)
            {
                continue;
            }

            foreach (var receipt in shown.Receipts)
            {
                if (!receipt.Delivered && receipt.Identity != message.Author && judge.MustBeDelivered(receipt.Identity, message))
                {
                    return $"node {process.Index} did not show message {message.Id} of {ledger.Id} as delivered to {Checker.Intents.People.NameFor(process.Index, receipt.Identity)}, who had it";
                }
            }
        }

        return null;
    }

    private void Look(NodeProcess process, ConversationLedger ledger)
    {
        var expected = Checker.Expectations.Of(ledger, process.Index);
        if (expected.Messages.Count == 0)
        {
            return;
        }

        var limit = 1 + Draw(LongestLook);
        var before = Draw(2) == 0 ? (int?)null : Draw(expected.Messages.Count);
        var page = Page(process, ledger, expected, limit, before, isEnd: false);
        Compare(process, ledger.Id, page, expected);
        Find(process, ledger, expected, isEnd: false);
    }

    private void End(NodeProcess process, ConversationLedger ledger, ExpectedConversation expected)
    {
        // Who has left, or was never reached, may lack what came behind; what they hold has to be right all the same.
        var isEnd = Checker.Expectations.IsEnd(process, ledger);
        var page = Page(process, ledger, expected, LargestPage, null, isEnd);
        Compare(process, ledger.Id, page, expected);
        CompareLateness(process, ledger.Id, page);
        if (expected.Messages.Count > 1)
        {
            Page(process, ledger, expected, 1 + Draw(LongestLook), Draw(expected.Messages.Count), isEnd);
        }

        Find(process, ledger, expected, isEnd);
    }

    private IReadOnlyList<Message> Page(
        NodeProcess process, ConversationLedger ledger, ExpectedConversation expected, int limit, int? before, bool isEnd)
    {
        var end = before ?? expected.Messages.Count;
        var start = Math.Max(0, end - limit);
        var shown = ConversationOf(process, ledger.Id).ReadPage(limit, before is { } index ? expected.Messages[index].Id : null);
        if (shown.Count != end - start)
        {
            Fail($"node {process.Index} shows {shown.Count} messages of {ledger.Id} on a page instead of {end - start}");
        }

        var judge = new MessageJudge(Checker, process, expected, isEnd);
        for (var i = 0; i < shown.Count; i++)
        {
            if (judge.Problem(shown[i], expected.Messages[start + i]) is { } problem)
            {
                Fail($"node {process.Index} shows message {shown[i].Id} of {ledger.Id} {problem}");
            }
        }

        return shown;
    }

    // Any entry: a message that is held is found, and nothing else is.
    private void Find(NodeProcess process, ConversationLedger ledger, ExpectedConversation expected, bool isEnd)
    {
        var id = ledger.Entries[Draw(ledger.Entries.Count)].Entry.Id;
        var shown = ConversationOf(process, ledger.Id).Find(id);
        if (expected.Find(id) is not { } meant)
        {
            if (shown is not null)
            {
                Fail($"node {process.Index} finds a message {id} in {ledger.Id}, which is none that it holds");
            }
        }
        else if (shown is null)
        {
            Fail($"node {process.Index} does not find message {id} of {ledger.Id}, which it holds");
        }
        else if (new MessageJudge(Checker, process, expected, isEnd).Problem(shown, meant) is { } problem)
        {
            Fail($"node {process.Index} finds message {id} of {ledger.Id} {problem}");
        }
    }

    private void Compare(NodeProcess process, ConversationId conversation, IReadOnlyList<Message> page, ExpectedConversation expected)
    {
        if (!_before.TryGetValue((process.Index, conversation), out var before))
        {
            _before.Add((process.Index, conversation), before = new ShownBefore());
        }

        foreach (var shown in page)
        {
            if (before.Problem(shown, expected.Find(shown.Id)!) is { } problem)
            {
                Fail($"node {process.Index} takes back what it showed of message {shown.Id} of {conversation}: {problem}");
            }
        }
    }

    // Late is what came when a message was there that stands more than a minute behind it, before a restart or after.
    private void CompareLateness(NodeProcess process, ConversationId conversation, IReadOnlyList<Message> page)
    {
        if (!Checker.IsReliable(process))
        {
            return;
        }

        var shown = page.ToDictionary(message => message.Id);
        var newest = default(HybridTimestamp);
        foreach (var arrived in Checker.Intents.Arrivals.Of(process.Index, conversation))
        {
            var entry = arrived.Entry;
            var time = new HybridTimestamp(entry.Time);
            if (shown.TryGetValue(entry.Id, out var message))
            {
                var isLate = entry.IsMessage
                    && message.Author.Id != process.Home.Self.Id
                    && time.Milliseconds + (long)Limits.LateAfter.TotalMilliseconds < newest.Milliseconds;
                if (message.IsLate != isLate)
                {
                    Fail($"node {process.Index} shows message {entry.Id} of {conversation} as {(isLate ? "in time, which came late" : "late, which came in time")}");
                }
            }

            if (entry.IsMessage || !EntryKind.IsKnown(entry.Kind))
            {
                newest = HybridTimestamp.Max(newest, time);
            }
        }
    }

    private void Settle()
    {
        if (Checker.Intents.Settle() is { } problem)
        {
            Fail(problem);
        }
    }

    private SimulatedConversation ConversationOf(NodeProcess process, ConversationId conversation) =>
        Checker.World.Nodes[process.Index].Conversation(conversation);

    private int Draw(int bound) => (int)Checker.World.Random.Below(DrawStream.Looks, 0, _looks++, bound);
}
