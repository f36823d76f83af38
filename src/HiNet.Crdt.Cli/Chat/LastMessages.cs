namespace HiNet.Crdt.Cli.Chat;

/// <summary>
/// What <c>last</c> means on the line typed next. A message typed here counts from the moment the node has taken it; its event, which
/// comes later, does not make it the last again. Lines and events come on different threads.
/// </summary>
internal sealed class LastMessages
{
    private readonly Lock _gate = new();

    // Every message that has counted already.
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);
    private string? _any;
    private string? _own;

    /// <summary>The last message of anyone; none before the first.</summary>
    public string? Any
    {
        get
        {
            lock (_gate)
            {
                return _any;
            }
        }
    }

    /// <summary>The last message of the person who sits here, from whichever of their devices.</summary>
    public string? Own
    {
        get
        {
            lock (_gate)
            {
                return _own;
            }
        }
    }

    /// <summary>Counts a message that was shown or sent; a second time changes nothing.</summary>
    public void Count(string id, bool isOwn)
    {
        lock (_gate)
        {
            if (_counted.Add(id))
            {
                _any = id;
                _own = isOwn ? id : _own;
            }
        }
    }
}
