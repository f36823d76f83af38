using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>
/// Which of a message's reactions count: the newest in conversation order, so many of one person, and so many in all. Those alone are opened.
/// What has to be taken back is always older than the word that does it, so no such word counts without what came since.
/// </summary>
internal static class NewestReactions
{
    /// <summary>Their rows in conversation order, by key alone: the same wherever the same entries are, whatever can be opened of them.</summary>
    public static IReadOnlyList<byte[]> Of(IStoreReader store, uint conversation, EntryId message)
    {
        var prefix = StoreKeys.Relations(message, 'r');
        var rows = new List<byte[]>();
        var counts = new Dictionary<IdentityId, int>();
        var seen = 0;
        using var iterator = store.Scan(ColumnFamily.Relations, prefix, StoreKeys.After(prefix), reverse: true);
        while (seen < Limits.ReactionsOfMessage && iterator.MoveNext())
        {
            // One in another conversation can name this message too. It has no say here, and takes no one's place.
            if (EntryPlace.Decode(iterator.Value).Conversation != conversation)
            {
                continue;
            }

            seen++;
            var by = new IdentityId(iterator.Value[12..]);
            var count = counts.GetValueOrDefault(by);
            if (count < Limits.ReactionWordsOfOnePerson)
            {
                counts[by] = count + 1;
                rows.Add(iterator.Value.ToArray());
            }
        }

        rows.Reverse();
        return rows;
    }
}
