using System.Text;

namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>
/// What people have reacted with to one message, in the order of first use. Whoever writes by hand may react without end and with anything:
/// of one person so many emojis stand at a time, and one that no node writes is none.
/// </summary>
internal sealed class StandingReactions
{
    private readonly Dictionary<(IdentityId By, string Emoji), int> _places = [];
    private readonly Dictionary<IdentityId, int> _counts = [];
    private int _next;

    /// <summary>Takes the next word in conversation order.</summary>
    public void Apply(IdentityId by, string emoji, bool isRemoval)
    {
        var count = _counts.GetValueOrDefault(by);
        if (isRemoval)
        {
            _counts[by] = _places.Remove((by, emoji)) ? count - 1 : count;
        }
        else if (count < Limits.ReactionsOfOnePerson && Encoding.UTF8.GetByteCount(emoji) <= Limits.EmojiBytes && _places.TryAdd((by, emoji), _next))
        {
            _counts[by] = count + 1;
            _next++;
        }
    }

    /// <summary>Emojis by the first reaction with them that stands, each with its people in the order in which they reacted.</summary>
    public IEnumerable<(string Emoji, IReadOnlyList<IdentityId> By)> ByEmoji() =>
        _places
            .OrderBy(reaction => reaction.Value)
            .GroupBy(reaction => reaction.Key.Emoji, reaction => reaction.Key.By, StringComparer.Ordinal)
            .Select(people => (people.Key, (IReadOnlyList<IdentityId>)[.. people]));
}
