using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Whatever someone does is told to every subscriber once, as what it was and as whose; and whoever begins with nothing and is told
/// all events, as they happen or afterwards, comes to show what the page shows.
/// </summary>
internal sealed class EventsMeant(InvariantChecker checker) : Invariant(checker)
{
    private readonly SortedDictionary<(int Node, ConversationId Conversation), EventRecorder> _live = [];

    public override string Id => "events-meant";

    public override bool LooksBack => true;

    public override void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
        if (process.Home is EngineHome && !_live.ContainsKey((process.Index, conversation)))
        {
            var recorder = new EventRecorder();
            _live.Add((process.Index, conversation), recorder);
            Checker.World.Nodes[process.Index].Conversation(conversation).EventsFrom(EventCursor.Start).Subscribe(recorder);
        }
    }

    public override void Quiet()
    {
        foreach (var ledger in Checker.Ledgers)
        {
            foreach (var process in Checker.Expectations.Readers(ledger).Where(process => process.IsUp))
            {
                var replay = new EventRecorder();
                Checker.World.Nodes[process.Index].Conversation(ledger.Id).EventsFrom(EventCursor.Start).Subscribe(replay).Dispose();
                Compare(process, ledger, replay.Events, isReplay: true);
                Compare(process, ledger, _live.GetValueOrDefault((process.Index, ledger.Id))?.Events ?? [], isReplay: false);
            }
        }
    }

    private void Compare(NodeProcess process, ConversationLedger ledger, IReadOnlyList<ConversationEvent> told, bool isReplay)
    {
        var how = isReplay ? "told afterwards" : "told as it happened";
        var expected = Checker.Expectations.Of(ledger, process.Index);
        var isEnd = Checker.Expectations.IsEnd(process, ledger);
        var judge = new EventJudge(Checker, process, expected, isEnd, isReplay);
        var arrivals = Checker.Intents.Arrivals.Of(process.Index, ledger.Id);
        var view = new EventView();
        var untold = new List<LedgerEntry>();
        var next = 0;
        var place = EventCursor.Start;
        HashSet<DeviceId> forked = [];
        foreach (var happened in told)
        {
            if (happened is EquivocationDetected detected && !forked.Add(detected.Device))
            {
                Fail($"node {process.Index} told of two futures of {detected.Device} in {ledger.Id} twice");
            }

            if (happened.Cursor.CompareTo(place) <= 0)
            {
                Fail($"node {process.Index} told of a {happened.GetType().Name} at {happened.Cursor} in {ledger.Id}, which is not behind {place}");
            }

            place = happened.Cursor;
            view.Apply(happened);

            // An entry is told of where it arrived, or later, when it can be read.
            var late = untold.FindIndex(entry => judge.Problem(happened, entry) is null);
            if (late >= 0)
            {
                untold.RemoveAt(late);
                continue;
            }

            while (next < arrivals.Count && judge.Problem(happened, arrivals[next]) is not null)
            {
                untold.Add(arrivals[next++]);
            }

            if (next++ >= arrivals.Count)
            {
                Fail($"node {process.Index} told of a {happened.GetType().Name} at {happened.Cursor} in {ledger.Id} twice, or of what is not there: {happened}");
            }
        }

        foreach (var entry in untold.Concat(arrivals.Skip(next)))
        {
            if (judge.Problem(null, entry) is { } problem)
            {
                Fail($"entry {entry.Entry.Id} (kind {entry.Entry.Kind}) of node {Checker.HomeOf(entry.Entry.Device)?.Index} in {ledger.Id}, {how}, {problem} on node {process.Index}");
            }
        }

        // A page shows that there is a message of which nothing has come yet, and nobody is told of it.
        var isWhole = isEnd && !ledger.Unsaid.Any(entry => entry.Entry.IsMessage && entry.WithoutBody.Contains(process.Index));
        if (isWhole && Difference(view, expected, judge.Messages, ExpectedConversation.IsGroup(Checker.Intents, ledger)) is { } difference)
        {
            Fail($"who is {how} on node {process.Index} shows {difference} in {ledger.Id}");
        }
    }

    /// <summary>
    /// What a view shows otherwise than a page must. What a forked device said comes in any order, and with grants that did not know of
    /// each other the last one told need not be the one that counts.
    /// </summary>
    private string? Difference(EventView view, ExpectedConversation expected, MessageJudge judge, bool isGroup)
    {
        if (view.Count != expected.Messages.Count)
        {
            return $"{view.Count} messages instead of {expected.Messages.Count}";
        }

        foreach (var message in expected.Messages)
        {
            if (view.Find(message.Id) is not { } viewed)
            {
                return $"no message {message.Id}";
            }

            if (!message.IsVague && Checker.IsReliable(message.Entry)
                && Difference(viewed, message) is { } difference && !judge.IsDeletionOnItsWay(message))
            {
                return $"message {message.Id} {difference}";
            }
        }

        foreach (var member in expected.Members.Where(member => IsReliable(member.Person)))
        {
            var last = view.ReadBy(member.Person).Select(expected.Find).OfType<ExpectedMessage>()
                .Aggregate((ExpectedMessage?)null, (left, right) => left is null || left.Entry.CompareTo(right.Entry) < 0 ? right : left);
            if (!expected.IsReaderVague(member.Person) && last?.Id != expected.LastRead(member.Person)?.Entry.Id)
            {
                return $"what {member.Person} has read up to {last?.Id.ToString() ?? "nothing"} instead of {expected.LastRead(member.Person)?.Entry.Id.ToString() ?? "nothing"}";
            }
        }

        return isGroup && !expected.HasConcurrentGrants && !expected.AreMembersVague ? Difference(view.Members, expected.Members) : null;
    }

    private static string? Difference(IReadOnlyDictionary<IdentityId, Role> viewed, IReadOnlyList<ExpectedMember> members)
    {
        if (!viewed.Keys.SequenceEqual(members.Select(member => member.Person).Order()))
        {
            return $"{viewed.Count} members instead of {members.Count}";
        }

        // With nobody to administer it, a group has an heir, of whom no event tells.
        var hasHeir = !viewed.Values.Any(role => role >= Role.Admin);
        foreach (var member in members)
        {
            if (viewed[member.Person] != member.Role && !(hasHeir && member.Role == Role.Owner))
            {
                return $"{member.Person} as {viewed[member.Person]} instead of {member.Role}";
            }
        }

        return null;
    }

    private string? Difference(ViewedMessage viewed, ExpectedMessage message)
    {
        var text = message.IsDeleted ? null : message.Text;
        if (viewed.IsDeleted != message.IsDeleted || viewed.Text != text)
        {
            return $"with \"{viewed.Text}\" instead of \"{text}\"";
        }

        var standing = message.Reactions().Where(reaction => IsReliable(reaction.By)).ToList();
        var found = viewed.Reactions.Where(reaction => IsReliable(reaction.By)).ToList();
        return found.Count == standing.Count && standing.TrueForAll(viewed.Reactions.Contains) ? null : $"with {found.Count} reactions instead of {standing.Count}";
    }

    private bool IsReliable(IdentityId person) => Checker.Intents.People.NodeOf(person) is { } node && Checker.IsReliable(node);
}
