using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>Judges a message as one reader is shown it. While a run goes on, what needs a key that has not come yet may still be missing.</summary>
internal sealed class MessageJudge(InvariantChecker checker, NodeProcess reader, ExpectedConversation expected, bool isEnd)
{
    private PeopleLog People => checker.Intents.People;

    private IdentityId Self => reader.Home.Self.Id;

    /// <summary>What is wrong with a message as it is shown, to follow "shows message X"; null when nothing is.</summary>
    public string? Problem(Message shown, ExpectedMessage meant) =>
        HeadProblem(shown, meant) ?? TextProblem(shown, meant) ?? ReactionProblem(shown, meant) ?? ReceiptProblem(shown, meant);

    private string? HeadProblem(Message shown, ExpectedMessage meant)
    {
        if (shown.Id != meant.Id)
        {
            return $"in the place of {meant.Id}";
        }

        if (shown.Author.Id != meant.Author || !People.IsName(reader.Index, meant.Author, shown.Author.Name))
        {
            return $"as by {shown.Author}, who did not write it";
        }

        if (shown.Device != meant.Entry.Entry.Device || shown.IsUnsupported)
        {
            return "as of another device or version";
        }

        return shown.Time == new HybridTimestamp(meant.Entry.Entry.Time).ToDateTime() ? null : $"with the time {shown.Time:O}, which is not its own";
    }

    private string? TextProblem(Message shown, ExpectedMessage meant)
    {
        if (meant.IsVague)
        {
            return null;
        }

        if (shown.IsDeleted != meant.IsDeleted)
        {
            return meant.IsDeleted ? "although its author deleted it" : "as deleted, which its author did not ask for";
        }

        if (meant.IsDeleted)
        {
            return shown is { Text: null, IsEdited: false, ReplyTo: null, Reactions.Count: 0 } ? null : $"deleted, and still with \"{shown.Text}\" or what belonged to it";
        }

        if (shown.Text == meant.Text && shown.IsEdited == meant.IsEdited && shown.ReplyTo == meant.ReplyTo)
        {
            return null;
        }

        // Own words are always readable; others' wait for a key, and are as they were before while an edit does. Whoever has deleted
        // their own gives them to nobody any more, nor what they made of them, although the deletion may wait for its time.
        var mayLack = meant.Author != Self && (!isEnd || IsDeletionOnItsWay(meant));
        if (mayLack && (shown.Text is null || meant.HasSaid(shown.Text)) && (shown.ReplyTo is null || shown.ReplyTo == meant.ReplyTo))
        {
            return null;
        }

        return shown.Text != meant.Text ? $"with the text \"{shown.Text}\" instead of \"{meant.Text}\""
            : shown.IsEdited != meant.IsEdited ? $"as {(shown.IsEdited ? "edited" : "not edited")}, which it is not"
            : $"as an answer to {shown.ReplyTo?.ToString() ?? "nothing"} instead of {meant.ReplyTo?.ToString() ?? "nothing"}";
    }

    /// <summary>Whether somebody has deleted a message and the reader does not have that yet.</summary>
    public bool IsDeletionOnItsWay(ExpectedMessage meant) =>
        checker.Intents.DeletionsOf(meant.Id).Any(deletion =>
            checker.LedgerOf(meant.Entry.Entry.Conversation)!.Find(deletion)?.HeldBy.Contains(reader.Index) != true);

    private string? ReactionProblem(Message shown, ExpectedMessage meant)
    {
        if (meant.IsVague || meant.IsDeleted)
        {
            return null;
        }

        List<(string Emoji, IdentityId By)> found = [];
        foreach (var reaction in shown.Reactions)
        {
            foreach (var person in reaction.By)
            {
                found.Add((reaction.Emoji, person.Id));
                if (!meant.HasReacted(person.Id, reaction.Emoji) || !People.IsName(reader.Index, person.Id, person.Name))
                {
                    return $"with {reaction.Emoji} of {person}, who did not react so";
                }
            }
        }

        if (found.Distinct().Count() != found.Count || shown.Reactions.Select(reaction => reaction.Emoji).Distinct(StringComparer.Ordinal).Count() != shown.Reactions.Count)
        {
            return "with one reaction twice";
        }

        if (!isEnd)
        {
            return null;
        }

        var standing = meant.Reactions();
        var order = standing.Select(reaction => reaction.Emoji).Distinct(StringComparer.Ordinal).SelectMany(emoji => standing.Where(reaction => reaction.Emoji == emoji)).ToList();
        return (meant.HasRemovals ? found.Count == order.Count && order.TrueForAll(found.Contains) : found.SequenceEqual(order))
            ? null
            : $"with the reactions {Words(found)} instead of {Words(order)}";
    }

    private string? ReceiptProblem(Message shown, ExpectedMessage meant)
    {
        if (expected.AreMembersVague)
        {
            return null;
        }

        var others = expected.Members.Where(member => member.Person != meant.Author).Select(member => member.Person).ToList();
        if (shown.Receipts.Count != others.Count || !others.TrueForAll(person => shown.Receipts.Count(receipt => receipt.Identity == person) == 1))
        {
            return $"with {shown.Receipts.Count} receipts, and not with one for each of {others.Count} other members";
        }

        foreach (var receipt in shown.Receipts)
        {
            if (ReceiptProblem(receipt, meant) is { } problem)
            {
                return problem;
            }
        }

        var state = shown.Receipts.Count == 0 || !shown.Receipts.All(receipt => receipt.Delivered) ? MessageState.Stored
            : shown.Receipts.All(receipt => receipt.Read) ? MessageState.Read
            : MessageState.Delivered;
        return shown.State == state ? null : $"as {shown.State}, while its receipts make it {state}";
    }

    private string? ReceiptProblem(Receipt receipt, ExpectedMessage meant)
    {
        var name = People.NameFor(reader.Index, receipt.Identity);
        var isRead = expected.HasRead(receipt.Identity, meant);
        var isVague = expected.IsReaderVague(receipt.Identity);
        if (receipt.Read && !isRead && !isVague)
        {
            return $"as read by {name}, who has not marked it";
        }

        if (!receipt.Read && isRead && (isEnd || receipt.Identity == Self))
        {
            return $"as not read by {name}, who has marked it or a later one";
        }

        if (!receipt.Delivered && (receipt.Read || receipt.Identity == Self))
        {
            return $"as not delivered to {name}, who has it";
        }

        if (receipt.Delivered && !receipt.Read && receipt.Identity != Self && !MayBeDelivered(receipt.Identity, meant) && !isVague)
        {
            return $"as delivered to {name}, who does not have it";
        }

        return isEnd && !receipt.Delivered && MustBeDelivered(receipt.Identity, meant) ? $"as not delivered to {name}, who has it" : null;
    }

    /// <summary>
    /// Whether someone's node must be shown to have a message, once all is said: they are a member of few enough, hold it, and can tell.
    /// </summary>
    public bool MustBeDelivered(IdentityId person, ExpectedMessage meant) =>
        expected.Members.Count <= checker.World.Bounds.ReceiptMembers
        && People.NodeOf(person) is { IsUp: true } node
        && checker.IsReliable(node)
        && HasHeard(node, meant)
        && checker.Custody.MustHold(node, meant.Entry.Entry.Conversation)
        && checker.LedgerOf(meant.Entry.Entry.Conversation) is { } ledger
        && ledger.Held(node.Index) == ledger.Entries.Count
        && HasAllOf(node.Home.Device, ledger);

    // Someone whose clock was far ahead when they wrote is not heard until that time comes.
    private bool HasAllOf(DeviceId device, ConversationLedger ledger) =>
        ledger.Entries.All(entry => entry.Entry.Device != device || entry.HeldBy.Contains(reader.Index));

    // Marks count places in a device's chain, and a forked device has two entries in one. What an adversary holds is not looked at.
    private bool MayBeDelivered(IdentityId person, ExpectedMessage meant) =>
        People.NodeOf(person) is not { } node
        || !checker.IsReliable(node)
        || (meant.Entry.HeldBy.Contains(node.Index) && !meant.Entry.WithoutBody.Contains(node.Index))
        || checker.HomeOf(meant.Entry.Entry.Device) is { } author && !checker.IsReliable(author);

    // Marks count places in a device's chain: what is behind something of which the body is missing waits for that.
    private bool HasHeard(NodeProcess node, ExpectedMessage meant) =>
        meant.Entry.HeldBy.Contains(node.Index)
        && !checker.LedgerOf(meant.Entry.Entry.Conversation)!.Unsaid.Any(entry =>
            entry.Entry.Device == meant.Entry.Entry.Device && entry.Entry.Seq <= meant.Entry.Entry.Seq && entry.WithoutBody.Contains(node.Index));

    private string Words(IEnumerable<(string Emoji, IdentityId By)> reactions) =>
        "[" + string.Join(", ", reactions.Select(reaction => $"{reaction.Emoji} of {People.NameFor(reader.Index, reaction.By)}")) + "]";
}
