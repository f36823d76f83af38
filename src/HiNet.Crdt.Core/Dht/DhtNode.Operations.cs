namespace HiNet.Crdt.Core.Dht;

/// <summary>What the owner asks for.</summary>
public sealed partial class DhtNode
{
    internal const int MaxOperations = 512;

    /// <summary>How long a query of now waits for its answer.</summary>
    internal TimeSpan RoundTripLimit => _roundTrips.Timeout;

    private readonly Dictionary<long, GetTask> _checksOfGets = [];
    private int _operations;

    internal void Complete(long? operation, DhtResult result)
    {
        if (operation is { } number)
        {
            _operations--;
            Add(new DhtEffect.Complete(number, result));
        }
    }

    /// <summary>Has the signature of a slot checked for a lookup.</summary>
    internal void Check(DhtSlot slot, GetTask task)
    {
        _checksOfGets[_checks] = task;
        task.Checking(_checks, slot);
        Add(new DhtEffect.Verify(_checks++, slot.Writer, slot.SignedBytes(_cryptography), slot.Signature));
    }

    /// <summary>Keeps a slot of the owner's here, as one of the nodes nearest to it; its signature is not in doubt.</summary>
    internal bool HoldOwn(DhtSlot slot) =>
        UnixSeconds() is { } unixSeconds
        && _slots.Put(slot, new Endpoint(UInt128.One, 1), unixSeconds, out _) is PutOutcome.Stored or PutOutcome.Unchanged;

    internal static void StartLookup(LookupTask task) => task.Start();

    private void Execute(long operation, DhtOperation command)
    {
        if (command is DhtOperation.Stats)
        {
            Add(new DhtEffect.Complete(operation, new DhtResult.Statistics(Stats())));
            return;
        }

        if (_operations >= MaxOperations)
        {
            Add(new DhtEffect.Complete(operation, new DhtResult.TooMany()));
            return;
        }

        _operations++;
        switch (command)
        {
            case DhtOperation.Ping ping:
                new PingTask(this, operation).Start(ping.Endpoint);
                break;
            case DhtOperation.FindNode find:
                StartLookup(new FindNodeTask(this, operation, new DhtId(find.Target), find.IsDisjoint ? _options.DisjointPaths : 1));
                break;
            case DhtOperation.Get get:
                StartLookup(new GetTask(this, operation, get.Target, get.IsDisjoint ? _options.DisjointPaths : 1));
                break;
            case DhtOperation.Put put:
                if (put.IsKeptUp)
                {
                    KeepUp(put.Slot);
                }

                StartLookup(new PutTask(this, operation, put.Slot));
                break;
            default:
                throw new ArgumentException($"{command?.GetType().Name ?? "null"} is no operation of the DHT.", nameof(command));
        }
    }

    private void Settle(long token, bool isValid)
    {
        if (_puts.Remove(token, out var put))
        {
            SettlePut(put, isValid);
        }
        else if (_checksOfGets.Remove(token, out var task))
        {
            task.Checked(token, isValid);
        }
    }

    /// <summary>Bytes that are kept in memory, about.</summary>
    internal long KeptBytes
    {
        get
        {
            var stats = Stats();
            return ((stats.Slots + stats.Published) * 1200L) + (stats.Contacts * 160L) + (stats.Pairs * 120L) + ((stats.Queries + stats.Operations) * 400L);
        }
    }

    private DhtStats Stats() => new()
    {
        Contacts = Table.Count,
        Depth = Table.Depth,
        Slots = _slots.Count,
        Published = _published.Count,
        Operations = _operations,
        Queries = _queries.Count,
        Pairs = _secrets.Count,
        Timeout = RoundTripLimit,
        Observed = MostObserved(),
    };
}
