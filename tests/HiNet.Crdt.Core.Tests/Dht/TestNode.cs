using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>A node of a <see cref="TestNetwork"/>: carries out its machine's effects.</summary>
internal sealed class TestNode : IEffectSink<DhtEffect>, IRandomSource
{
    private readonly TestNetwork _network;
    private readonly int _index;
    private long _operation;

    public TestNode(TestNetwork network, int index, Endpoint endpoint, DhtOptions options)
    {
        _network = network;
        _index = index;
        Endpoint = endpoint;
        Keys = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named($"node {index}").ToArray());
        Machine = new DhtNode(new CountedSecrets((ulong)index << 32), Keys, this, options, network.Now);
    }

    public Endpoint Endpoint { get; }

    public NodeKeyPair Keys { get; }

    public DhtNode Machine { get; }

    public DhtContact Contact => new(Keys.Id.Value, Endpoint);

    public SortedDictionary<long, DhtResult> Results { get; } = [];

    /// <summary>Slots that lookups told of while they went on, and when.</summary>
    public List<(Instant At, DhtSlot Slot)> Found { get; } = [];

    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<DhtContact> Kept { get; private set; } = [];

    /// <summary>How often contacts were handed out to be kept.</summary>
    public int TimesKept { get; private set; }

    public List<(Endpoint To, ReadOnlyMemory<byte> Bytes)> Sent { get; } = [];

    public long Counted(string instrument) => Counts.GetValueOrDefault(instrument);

    /// <summary>When the network will call next.</summary>
    public Instant ScheduledAt { get; set; } = Instant.Never;

    public void Handle(DhtInput input)
    {
        Machine.Handle(input, _network.Now, this);
        _network.Schedule(this);
    }

    public void HandleDeadline()
    {
        Machine.HandleDeadline(_network.Now, this);
        _network.Schedule(this);
    }

    public long Command(DhtOperation operation)
    {
        Handle(new DhtInput.Commanded(++_operation, operation));
        return _operation;
    }

    public void Add(DhtEffect effect)
    {
        switch (effect)
        {
            case DhtEffect.SendDatagram send:
                send.To.IsUsable.ShouldBeTrue();
                send.Bytes.Length.ShouldBeLessThanOrEqualTo(Datagram.MaxSize);
                if (Sent.Count < 10_000)
                {
                    Sent.Add((send.To, send.Bytes));
                }

                _network.Send(Endpoint, send.To, send.Bytes);
                break;
            case DhtEffect.Verify verify:
                var isValid = TestKeys.Sodium.Verify(verify.Key.ToArray(), verify.Message.Span, verify.Signature.Span);
                _network.After(TimeSpan.FromMilliseconds(1), () => Handle(new DhtInput.Verified(verify.Token, isValid)));
                break;
            case DhtEffect.Found found:
                Found.Add((_network.Now, found.Slot));
                break;
            case DhtEffect.Complete complete:
                Results.Add(complete.Operation, complete.Result);
                break;
            case DhtEffect.KeepContacts keep:
                Kept = keep.Contacts;
                TimesKept++;
                break;
            case DhtEffect.Count count:
                Counts[count.Instrument] = Counted(count.Instrument) + count.Amount;
                break;
            default:
                throw new InvalidOperationException($"{effect} is not known.");
        }
    }

    ulong IRandomSource.Draw(RandomStream stream, ulong counter) => TestKeys.Named($"{_index} {stream} {counter}").Prefix;
}
