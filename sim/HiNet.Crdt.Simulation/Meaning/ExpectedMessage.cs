using HiNet.Crdt.Simulation.Invariants;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>One message as its author and everyone who acted on it meant it.</summary>
internal sealed class ExpectedMessage(LedgerEntry entry, IdentityId author, Intent.Say? said)
{
    private readonly List<(LedgerEntry Entry, string Text)> _edits = [];
    private readonly List<(LedgerEntry Entry, IdentityId By, string Emoji, bool Remove)> _reactions = [];

    public EntryId Id => Entry.Entry.Id;

    public LedgerEntry Entry { get; } = entry;

    public IdentityId Author { get; } = author;

    public EntryId? ReplyTo => said?.ReplyTo;

    public bool IsDeleted { get; private set; }

    public bool IsEdited => _edits.Count > 0;

    /// <summary>Something about its text or its reactions is not known: an entry whose command is not answered yet.</summary>
    public bool IsVague { get; private set; } = said is null;

    /// <summary>The text that counts in the end: the last edit in conversation order, else what was said.</summary>
    public string? Text => IsEdited ? _edits.MaxBy(edit => edit.Entry).Text : said?.Text;

    /// <summary>Everything that it has ever said, which a reader who lacks a key yet may still see.</summary>
    public bool HasSaid(string text) => said?.Text == text || _edits.Exists(edit => edit.Text == text);

    /// <summary>Whether someone has used this emoji on it, and perhaps taken it back.</summary>
    public bool HasReacted(IdentityId person, string emoji) => _reactions.Exists(reaction => reaction.By == person && reaction.Emoji == emoji && !reaction.Remove);

    /// <summary>Whether some reaction to it was taken back.</summary>
    public bool HasRemovals => _reactions.Exists(reaction => reaction.Remove);

    public void Edit(LedgerEntry entry, string text) => _edits.Add((entry, text));

    /// <summary>An author's deletion is final, whatever comes behind it.</summary>
    public void Delete() => IsDeleted = true;

    public void Doubt() => IsVague = true;

    public void React(LedgerEntry entry, IdentityId by, string emoji, bool remove) => _reactions.Add((entry, by, emoji, remove));

    /// <summary>The last word of each person on each emoji, in the order in which they were first said.</summary>
    public IReadOnlyList<(string Emoji, IdentityId By)> Reactions()
    {
        if (IsDeleted || _reactions.Count == 0)
        {
            return [];
        }

        _reactions.Sort(static (left, right) => left.Entry.CompareTo(right.Entry));
        List<(string Emoji, IdentityId By)> standing = [];
        foreach (var (_, by, emoji, _) in _reactions)
        {
            if (!standing.Contains((emoji, by)) && !_reactions.FindLast(reaction => reaction.By == by && reaction.Emoji == emoji).Remove)
            {
                standing.Add((emoji, by));
            }
        }

        return standing;
    }
}
