namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>
/// What waits for an observer of things that are kept nowhere else: a bounded number of the newest. Beyond it the oldest go,
/// because an observer that slow has no use for them.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
public sealed class NewestItems<T>
{
    /// <summary>Items that wait at most.</summary>
    public const int MaximumWaiting = 1024;

    private readonly Queue<T> _waiting = new();

    /// <summary>Items that wait: 0 to <see cref="MaximumWaiting"/>.</summary>
    public int Count => _waiting.Count;

    /// <summary>Adds one, and drops the oldest if there is no room.</summary>
    public void Add(T item)
    {
        if (_waiting.Count == MaximumWaiting)
        {
            _waiting.Dequeue();
        }

        _waiting.Enqueue(item);
    }

    /// <summary>Takes all that wait, the oldest first.</summary>
    public IReadOnlyList<T> TakeAll()
    {
        T[] all = [.. _waiting];
        _waiting.Clear();
        return all;
    }
}
