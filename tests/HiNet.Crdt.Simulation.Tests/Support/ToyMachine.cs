using System.Buffers.Binary;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Tests.Support;

/// <summary>
/// Sends everything it has to whoever links, and what is new to everyone linked. Frames are a length and an entry. Entries wait
/// until their predecessor is there. One batch is under way at a time; nothing is said of an entry before it is durable.
/// </summary>
internal sealed class ToyMachine : IStateMachine<NodeInput, NodeEffect>
{
    private readonly ToyHome _home;
    private readonly ToyBug _bug;
    private readonly IRandomSource _random;
    private readonly Marks _marks;
    private readonly List<ToyEntry> _durable = [];
    private readonly HashSet<EntryId> _known = [];
    private readonly List<(ToyEntry Entry, long Command)> _waiting = [];
    private readonly List<(ToyEntry Entry, long Command)> _writing = [];
    private readonly SortedDictionary<LinkId, List<byte>> _links = [];
    private readonly SortedDictionary<long, List<string>> _redials = [];
    private readonly List<string> _kept = [];
    private readonly Dictionary<LinkId, string> _dialled = [];
    private ulong _seq;
    private ulong _time;
    private EntryId? _last;
    private long _batch;
    private ulong _draws;
    private long _wall;

    internal ToyMachine(ToyHome home, ToyBug bug, IRandomSource random, Marks marks)
    {
        _home = home;
        _bug = bug;
        _random = random;
        _marks = marks;
        foreach (var entry in home.ReadAll())
        {
            Learn(entry);
            _durable.Add(entry);
        }
    }

    public Instant Deadline => _redials.Count == 0 ? Instant.Never : new Instant(_redials.Keys.First());

    public void Handle(NodeInput input, Instant now, IEffectSink<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.WallClockRead clock:
                _wall = clock.UnixMilliseconds;
                break;
            case NodeInput.Commanded { Operation: NodeCommand.KeepLinked keep } command:
                _kept.Add(keep.Address);
                effects.Add(new NodeEffect.Dial(keep.Address));
                effects.Add(new NodeEffect.Complete(command.Command, new NodeResult.Done()));
                break;
            case NodeInput.Commanded { Operation: NodeCommand.SendText text } command:
                Write(command.Command, text.Text, effects);
                break;
            case NodeInput.Commanded { Operation: NodeCommand.CreateGroup } command:
                effects.Add(new NodeEffect.Complete(command.Command, new NodeResult.Opened(ToyHome.Conversation)));
                break;
            case NodeInput.Commanded command:
                effects.Add(new NodeEffect.Complete(command.Command, new NodeResult.Refused("The toy only sends.")));
                break;
            case NodeInput.LinkOpened opened:
                _links.Add(opened.Link, []);
                if (opened.Address is { } address)
                {
                    _dialled.Add(opened.Link, address);
                }

                foreach (var entry in _durable)
                {
                    effects.Add(new NodeEffect.Send(opened.Link, Frame(entry)));
                }

                break;
            case NodeInput.LinkEnded ended:
                _links.Remove(ended.Link);
                _marks.Hit("toy.link.ended");
                if (_dialled.Remove(ended.Link, out var lost))
                {
                    DialLater(lost, now);
                }

                break;
            case NodeInput.DialFailed failed:
                DialLater(failed.Address, now);
                break;
            case NodeInput.BytesReceived received:
                Read(received, effects);
                break;
            case NodeInput.Persisted:
                Finish(effects);
                break;
        }
    }

    public void HandleDeadline(Instant now, IEffectSink<NodeEffect> effects)
    {
        while (_bug != ToyBug.Spins && _redials.Count > 0 && _redials.Keys.First() <= now.Microseconds)
        {
            var at = _redials.Keys.First();
            foreach (var address in _redials[at])
            {
                effects.Add(new NodeEffect.Dial(address));
            }

            _redials.Remove(at);
        }
    }

    private void DialLater(string address, Instant now)
    {
        if (_bug == ToyBug.NeverDialsAgain || !_kept.Contains(address))
        {
            return;
        }

        var at = now.Microseconds + 100_000 + (long)(_random.Draw(RandomStream.DialBackoff, _draws++) % 900_000);
        if (!_redials.TryGetValue(at, out var addresses))
        {
            _redials.Add(at, addresses = []);
        }

        addresses.Add(address);
    }

    private void Write(long command, string text, IEffectSink<NodeEffect> effects)
    {
        if (_bug == ToyBug.Throws && text == "throw")
        {
            throw new InvalidOperationException("planted");
        }

        _time = Math.Max(_time + 1, (ulong)_wall << 16);
        var entry = new ToyEntry(_home.Device, _seq, _time, _last, text);
        Accept(entry, command, effects);
        if (_bug == ToyBug.SendsBeforeDurable)
        {
            Broadcast(entry, effects);
        }
    }

    private void Read(NodeInput.BytesReceived received, IEffectSink<NodeEffect> effects)
    {
        var buffer = _links[received.Link];
        buffer.AddRange(received.Bytes.Span);
        while (buffer.Count >= 4)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian([.. buffer.GetRange(0, 4)]);
            if (buffer.Count < 4 + length)
            {
                break;
            }

            var entry = ToyEntry.Decode(buffer.GetRange(4, length).ToArray());
            buffer.RemoveRange(0, 4 + length);
            var isDue = entry.Previous is null || _known.Contains(entry.Previous.Value);
            if (isDue && !_known.Contains(entry.Id))
            {
                Accept(entry, 0, effects);
            }
        }
    }

    private void Accept(ToyEntry entry, long command, IEffectSink<NodeEffect> effects)
    {
        Learn(entry);
        _waiting.Add((entry, command));
        StartWriting(effects);
    }

    private void Learn(ToyEntry entry)
    {
        _known.Add(entry.Id);
        _time = Math.Max(_time, entry.Time);
        if (entry.Device == _home.Device)
        {
            _seq = entry.Seq + 1;
            _last = entry.Id;
        }
    }

    private void StartWriting(IEffectSink<NodeEffect> effects)
    {
        if (_writing.Count > 0 || _waiting.Count == 0)
        {
            return;
        }

        _writing.AddRange(_waiting);
        _waiting.Clear();
        if (_bug == ToyBug.AppliesOutOfOrder)
        {
            _writing.Reverse();
        }

        var batch = new WriteBatch();
        for (var i = 0; i < _writing.Count; i++)
        {
            var key = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(key, _durable.Count + i);
            batch.Put(ColumnFamily.Entries, key, _writing[i].Entry.Encode());
        }

        effects.Add(new NodeEffect.Persist(++_batch, batch));
    }

    private void Finish(IEffectSink<NodeEffect> effects)
    {
        foreach (var (entry, command) in _writing)
        {
            _durable.Add(entry);
            Broadcast(entry, effects);
            if (command != 0)
            {
                effects.Add(new NodeEffect.Complete(command, new NodeResult.Written(entry.Id, MessageState.Stored)));
            }
        }

        _writing.Clear();
        effects.Add(new NodeEffect.Publish(ToyHome.Conversation, new EventCursor((ulong)_durable.Count)));
        StartWriting(effects);
    }

    private void Broadcast(ToyEntry entry, IEffectSink<NodeEffect> effects)
    {
        foreach (var link in _links.Keys)
        {
            effects.Add(new NodeEffect.Send(link, Frame(entry)));
        }
    }

    private static byte[] Frame(ToyEntry entry)
    {
        var body = entry.Encode();
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }
}
