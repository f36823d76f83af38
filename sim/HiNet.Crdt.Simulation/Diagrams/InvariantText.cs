namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>What it means that an invariant is broken, for someone who does not know the code: what went wrong, and why it matters.</summary>
internal static class InvariantText
{
    private static readonly Dictionary<string, (string What, string Why)> s_texts = new(StringComparer.Ordinal)
    {
        ["no-self-fork"] = (
            "A device wrote two different entries into one place of its log.",
            "Its history now exists in two versions, and others cannot tell which one is meant."),
        ["applied-verifies"] = (
            "A node accepted an entry that nobody in this world has written.",
            "Entries are signed: a forged one must never be applied."),
        ["durable-before-sent"] = (
            "A node told of something before its own disk held it.",
            "After a crash it would have forgotten what others already rely on."),
        ["durable-prefix"] = (
            "A node lost, or changed, what its disk had held already.",
            "What was once acknowledged must be there after every crash."),
        ["causal-order"] = (
            "A node applied an entry before the ones it builds on.",
            "An answer would stand there without its question."),
        ["past-complete"] = (
            "A node wrote something as if it did not know what it held already.",
            "Others would order it beside what its author had seen, and might judge it without that."),
        ["equal-frontier-equal-hash"] = (
            "Two nodes hold exactly the same entries and came to different states.",
            "Whoever has the same entries must see the same conversation."),
        ["events-once-in-order"] = (
            "A subscriber was shown an event twice, or out of order, or not at all.",
            "Applications rely on seeing each event once, across restarts."),
        ["subscribers-agree"] = (
            "Two who listen to one conversation were not shown the same events.",
            "What an application sees must not hang on when, how often or how fast it listens."),
        ["members-only"] = (
            "An entry of someone who is no member was applied.",
            "Only members may write in a conversation."),
        ["honest-peers-trusted"] = (
            "An honest node was taken for a faulty one.",
            "A bad network must never make honest nodes accuse each other."),
        ["within-bounds"] = (
            "A queue or a list grew beyond its bound.",
            "Whoever can make it grow can bring a node down."),
        ["erased-gone"] = (
            "A deleted message's bytes were found on a node that had to erase them.",
            "What its author deleted must be gone from disks, memories and later transfers, and so must its edits."),
        ["strangers-learn-nothing"] = (
            "Something was told to somebody whom it is not meant for.",
            "Texts, names and ids are for members and contacts; who watches, stores or has left learns none of them."),
        ["cost-within-budget"] = (
            "A node did more, or kept more in memory, than what it was given accounts for.",
            "What grows faster than its input stops a node as soon as there is enough of it."),
        ["reference-model"] = (
            "A node shows its messages in another order than they have.",
            "All members must see one order."),
        ["commands-answered-once"] = (
            "A request of the application was answered twice, or an answer came without a request.",
            "Applications wait for exactly one answer."),
        ["chain-intact"] = (
            "A node applied an entry that does not continue its author's chain.",
            "Each device's entries form one chain: a link that does not fit means that something was forged or lost."),
        ["content-model"] = (
            "A member is shown a message otherwise than people meant it.",
            "Texts, answers, edits, deletions, reactions and receipts must reach everyone as they were meant."),
        ["members-meant"] = (
            "A member is shown a conversation with the wrong name, people, last message or number of unread ones.",
            "People decide by it to whom they speak."),
        ["lists-meant"] = (
            "A list lacks a conversation or a contact, has one that nobody asked for, or has a group in the place of a contact's conversation.",
            "What is not listed is not found."),
        ["events-meant"] = (
            "A subscriber was not told of something as it was meant, or was told of something else.",
            "Applications and bots see the conversation through events alone."),
        ["announced-meant"] = (
            "A node did not say once, and as it was, what happened to it: a new conversation, a contact, a link, a failure.",
            "Bots wait for these events to begin with; what is not said is not answered."),
        ["status-meant"] = (
            "A node's counts, peers or problems are not what they are said to be.",
            "Whoever looks after a node goes by them."),
        ["deleted-stays-deleted"] = (
            "A member was shown a text after everyone who had it had taken its deletion.",
            "Deleted means gone, and not sent on from some memory."),
        ["equivocation-reported"] = (
            "A device wrote two entries into one place, a node holds the proof, and its subscribers were not told.",
            "People must learn that someone told different members different things."),
        ["future-waits"] = (
            "A node applied an entry whose time lies too far in the future.",
            "One wrong clock would push everyone's clocks ahead."),
        ["stamped-in-time"] = (
            "A node stamped an entry further ahead of its clock than others take.",
            "Others would let what it writes wait for as long, and nobody would hear it."),
        ["refusal-justified"] = (
            "A node refused what it had no reason to refuse.",
            "People must be able to write, and to be told the truth when they cannot."),
        ["convergence"] = (
            "Everything was mended, and still not every member came to hold every entry.",
            "Someone would never see a message that the others see."),
        ["traffic-budget"] = (
            "Everyone agreed, and the links still did not fall quiet.",
            "Retries without end cost batteries and money."),
        ["budget"] = (
            "The run went on without end.",
            "Nodes that keep each other busy, or spin, never come to rest."),
        ["engine-exception"] = (
            "The engine of a node broke down with an exception.",
            "Nothing that a network, a disk or another node does may bring a node down."),
    };

    public static string What(string? invariant, SimulationResult result) =>
        invariant is not null && s_texts.TryGetValue(invariant, out var text) ? text.What
        : result switch
        {
            SimulationResult.Liveness => $"Something that had to happen did not ({invariant}).",
            SimulationResult.Crash => "A node broke down.",
            SimulationResult.Nondeterminism => "Two runs of one seed differed.",
            _ => $"Something happened that must never happen ({invariant}).",
        };

    public static string Why(string? invariant) => invariant is not null && s_texts.TryGetValue(invariant, out var text) ? text.Why : string.Empty;

    /// <summary>Whether an invariant has a sentence of its own.</summary>
    public static bool Has(string invariant) => s_texts.ContainsKey(invariant);
}
