using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// Room for the newest entries of all conversations together. When they would take more, the conversation in which the longest time nothing was
/// applied keeps none of its own: what it says next is kept again.
/// </summary>
/// <param name="bytes">Of all together.</param>
/// <param name="marks">Where it is told that some gave way.</param>
internal sealed class NewestRoom(long bytes, Marks marks)
{
    /// <summary>Those that keep something, in the order in which something was added to them last.</summary>
    private readonly LinkedList<NewestEntries> _order = new();

    private Marks Marks { get; } = marks;

    /// <summary>Bytes that all keep together.</summary>
    public long Used { get; private set; }

    /// <summary>One has an entry more.</summary>
    public void Added(NewestEntries entries)
    {
        if (entries.KeptBytes > 0)
        {
            Leave(entries);
            _order.AddLast(entries.Place);
        }

        while (Used > bytes)
        {
            Marks.Hit("bound.newest.entries");
            _order.First!.Value.Clear();
        }
    }

    /// <summary>One keeps so many bytes more than before, or fewer.</summary>
    public void Note(NewestEntries entries, long change)
    {
        Used += change;
        if (entries.KeptBytes == 0)
        {
            Leave(entries);
        }
    }

    private void Leave(NewestEntries entries)
    {
        if (entries.Place.List is not null)
        {
            _order.Remove(entries.Place);
        }
    }
}
