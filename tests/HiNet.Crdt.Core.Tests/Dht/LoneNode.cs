using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>
/// One node of the DHT among others that are played. What is sent takes no time, and there is no jitter unless a test draws some, so
/// that a test can say to the second when the node does what.
/// </summary>
internal sealed class LoneNode : IEffectSink<DhtEffect>, IRandomSource
{
    public const long StartUnixSeconds = 1_800_000_000;

    private static readonly Instant s_start = new(10_000_000_000);

    private readonly SortedDictionary<Endpoint, PlayedNode> _others = [];
    private readonly Queue<DhtInput> _comingIn = [];
    private readonly NodeKeyPair _keys;
    private int _names;
    private long _operation;

    /// <param name="options">As they are.</param>
    /// <param name="draws">What is drawn for a counter.</param>
    /// <param name="cryptography">Real, and counted, where the test brings none.</param>
    /// <param name="keepsChanges">Whether contacts are kept soon after each change; else as often as the options say, and no oftener.</param>
    public LoneNode(DhtOptions? options = null, Func<ulong, ulong>? draws = null, ICryptography? cryptography = null, bool keepsChanges = false)
    {
        options ??= new DhtOptions();
        options = keepsChanges ? options : options with { KeepPause = options.KeepEvery };
        // Half of what there is to draw: neither sooner nor later.
        Draws = draws ?? (_ => 512);
        _keys = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("lone node").ToArray());
        Machine = new DhtNode(cryptography ?? new CountedSecrets(), _keys, this, options, Now);
        Handle(new DhtInput.WallClockRead(StartUnixSeconds * 1000));
    }

    public DhtNode Machine { get; }

    public Bytes32 Key => _keys.Id.Value;

    public Instant Now { get; private set; } = s_start;

    public TimeSpan Time => Now - s_start;

    public long UnixSeconds => StartUnixSeconds + (long)Time.TotalSeconds;

    /// <summary>What is drawn for a counter.</summary>
    public Func<ulong, ulong> Draws { get; }

    public IReadOnlyDictionary<Endpoint, PlayedNode> Others => _others;

    public List<ulong> Drawn { get; } = [];

    public List<SentDatagram> Sent { get; } = [];

    public IEnumerable<SentDatagram> Queries => Sent.Where(sent => sent.Query is not null);

    public SortedDictionary<long, DhtResult> Results { get; } = [];

    /// <summary>The numbers of operations in the order in which they ended.</summary>
    public List<long> Ended { get; } = [];

    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public List<(TimeSpan At, IReadOnlyList<DhtContact> Contacts)> Kept { get; } = [];

    /// <summary>Signatures to be checked; they are found good at once unless <see cref="ChecksSignatures"/> says otherwise.</summary>
    public List<DhtEffect.Verify> Checks { get; } = [];

    public bool ChecksSignatures { get; set; } = true;

    public DhtStats Stats => Do<DhtResult.Statistics>(new DhtOperation.Stats()).Stats;

    public long Counted(string instrument) => Counts.GetValueOrDefault(instrument);

    /// <summary>Someone at a public address in a network of its own.</summary>
    public PlayedNode Other(Endpoint? endpoint = null, bool isSilent = false)
    {
        var keys = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named($"other {_names++}").ToArray());
        return Played(keys, endpoint ?? TestNetwork.EndpointOf(_names), isSilent);
    }

    /// <summary>Someone whose id shares so many leading bits with the node's.</summary>
    public PlayedNode OtherIn(int bucket, Endpoint? endpoint = null, bool isSilent = false)
    {
        while (true)
        {
            var keys = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named($"other {_names++}").ToArray());
            if (DhtId.CommonPrefix(Machine.Id, DhtId.OfNode(TestKeys.Sodium, keys.Id.Value)) == bucket)
            {
                return Played(keys, endpoint ?? TestNetwork.EndpointOf(_names), isSilent);
            }
        }
    }

    /// <summary>Someone who stands in the table as well, at an id of the test's choice; it proved itself just now.</summary>
    public PlayedNode Known(DhtId? id = null, Endpoint? endpoint = null, bool isSilent = false)
    {
        var other = Other(endpoint, isSilent);
        Machine.Table.Offer(new DhtPeer(other.Contact, id ?? other.Peer.Id), Now, out _).ShouldBe(RoutingOffer.Added);
        return other;
    }

    /// <summary>An id that shares so many bits with the node's; the bits behind come from a name.</summary>
    public DhtId IdIn(int bucket, string name) => Machine.Id.WithPrefix(bucket, new DhtId(TestKeys.Named(name)));

    public void Handle(DhtInput input)
    {
        _comingIn.Enqueue(input);
        CarryOut();
    }

    public void Bootstrap(params IEnumerable<PlayedNode> others) => Handle(new DhtInput.Bootstrap([.. others.Select(other => other.Endpoint)]));

    public void Remember(params IEnumerable<PlayedNode> others) => Handle(new DhtInput.ContactsKept([.. others.Select(other => other.Contact)]));

    /// <summary>Lets time pass; all that is due is done when it is due.</summary>
    public void Run(TimeSpan time)
    {
        var until = Now + time;
        for (var steps = 0; Machine.Deadline <= until; steps++)
        {
            steps.ShouldBeLessThan(100_000);
            Now = Machine.Deadline < Now ? Now : Machine.Deadline;
            Machine.HandleDeadline(Now, this);
            CarryOut();
        }

        Now = until;
    }

    /// <summary>Lets time pass until so long after the start.</summary>
    public void RunTo(TimeSpan time) => Run(time - Time);

    public long Command(DhtOperation operation)
    {
        var number = ++_operation;
        Handle(new DhtInput.Commanded(number, operation));
        return number;
    }

    /// <summary>For what ends at once, or within a minute.</summary>
    public T Do<T>(DhtOperation operation)
        where T : DhtResult
    {
        var number = Command(operation);
        if (!Results.ContainsKey(number))
        {
            Run(TimeSpan.FromMinutes(1));
        }

        return Results[number].ShouldBeOfType<T>();
    }

    /// <summary>Somebody's query; gives the answer, if there is one.</summary>
    public DhtAnswer? Ask(PlayedNode from, DatagramKind kind, DhtQuery? query = null, bool isAuthentic = true, Endpoint? at = null)
    {
        var before = Sent.Count;
        Handle(Query(from, kind, query ?? new DhtQuery(), isAuthentic, at));
        return Sent.Skip(before).FirstOrDefault(sent => sent.Answer is not null)?.Answer;
    }

    public DhtInput Query(PlayedNode from, DatagramKind kind, DhtQuery query, bool isAuthentic = true, Endpoint? at = null) => new DhtInput.DatagramReceived(
        at ?? from.Endpoint, Datagram.Write(TestKeys.Sodium, kind, 77, from.Key, query.ToByteArray(), isAuthentic ? from.PairKey : []));

    /// <summary>The token that proves somebody's address.</summary>
    public ByteString TokenOf(PlayedNode other) => Ask(other, DatagramKind.Ping)!.Token;

    public DhtInput Answer(SentDatagram query, PlayedNode from, DhtAnswer answer, Endpoint? at = null, DatagramKind? kind = null)
    {
        kind ??= query.Kind | (DatagramKind)0x80;
        var bytes = Datagram.Write(TestKeys.Sodium, kind.Value, query.Transaction, from.Key, answer.ToByteArray(), from.PairKey);
        return new DhtInput.DatagramReceived(at ?? from.Endpoint, bytes);
    }

    /// <summary>When the node looked up its own id, in seconds since the start: each time once, however many it asked.</summary>
    public List<double> LookedUp() => [.. Queries.Where(sent => sent.LooksUp(Machine.Id)).Select(sent => sent.At.TotalSeconds).Distinct()];

    /// <summary>When the node asked somebody, in seconds since the start.</summary>
    public List<double> Asked(PlayedNode other, DatagramKind kind = DatagramKind.Ping) =>
        [.. Queries.Where(sent => sent.To == other.Endpoint && sent.Kind == kind).Select(sent => sent.At.TotalSeconds)];

    public void Add(DhtEffect effect)
    {
        switch (effect)
        {
            case DhtEffect.SendDatagram send:
                Take(send.To, send.Bytes.Span);
                break;
            case DhtEffect.Verify verify:
                Checks.Add(verify);
                if (ChecksSignatures)
                {
                    _comingIn.Enqueue(new DhtInput.Verified(verify.Token, true));
                }

                break;
            case DhtEffect.Complete complete:
                Results.Add(complete.Operation, complete.Result);
                Ended.Add(complete.Operation);
                break;
            case DhtEffect.KeepContacts keep:
                Kept.Add((Time, keep.Contacts));
                break;
            case DhtEffect.Count count:
                count.Amount.ShouldBePositive();
                Counts[count.Instrument] = Counted(count.Instrument) + count.Amount;
                break;
            default:
                throw new InvalidOperationException($"{effect} is not known.");
        }
    }

    ulong IRandomSource.Draw(RandomStream stream, ulong counter)
    {
        stream.ShouldBe(RandomStream.Dht);
        Drawn.Add(counter);
        return Draws(counter);
    }

    private PlayedNode Played(NodeKeyPair keys, Endpoint endpoint, bool isSilent)
    {
        var pairKey = new byte[32];
        PeerSecrets.TryDerive(TestKeys.Sodium, keys, Key, pairKey).ShouldBeTrue();
        return _others[endpoint] = new PlayedNode(keys, endpoint, pairKey) { IsSilent = isSilent };
    }

    private void Take(Endpoint to, ReadOnlySpan<byte> bytes)
    {
        to.IsUsable.ShouldBeTrue();
        Datagram.TryRead(bytes, out var datagram, out _).ShouldBeTrue();
        DhtQuery? query = null;
        DhtAnswer? answer = null;
        (datagram.IsQuery ? DatagramPayload.TryReadQuery(datagram.Kind, datagram.Payload, out query)
            : DatagramPayload.TryReadAnswer(datagram.Kind, datagram.Payload, out answer)).ShouldBeTrue();
        var sent = new SentDatagram(Time, to, datagram.Kind, datagram.Transaction, bytes.Length, query, answer);
        Sent.Add(sent);
        if (query is not null && _others.TryGetValue(to, out var other) && !other.IsSilent && other.Answers(sent) is { } said)
        {
            _comingIn.Enqueue(Answer(sent, other, said));
        }
    }

    private void CarryOut()
    {
        for (var steps = 0; _comingIn.TryDequeue(out var input); steps++)
        {
            steps.ShouldBeLessThan(100_000);
            Machine.Handle(input, Now, this);
        }
    }
}
