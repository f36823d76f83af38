using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// A node's core without a shell: its caller moves the bytes and the time. Each command is written before the next is taken, so
/// that each of its entries is signed by itself.
/// </summary>
internal sealed class LocalNode : IEffectSink<NodeEffect>, IDisposable
{
    private readonly ICryptography _cryptography;
    private readonly Queue<NodeInput> _inputs = new();
    private readonly NodeCore _core;
    private long _microseconds;
    private NodeResult? _result;

    public LocalNode(HomeSecrets secrets, ICryptography? cryptography = null)
    {
        _cryptography = cryptography ?? SodiumCryptography.Instance;
        Store = new InMemoryStore().Open();
        _core = new NodeCore(new NodeCoreOptions(), secrets, Store, _cryptography, new NoChoices(), Marks.None, Now);
        Give(new NodeInput.WallClockRead(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
    }

    public IEntryStore Store { get; }

    /// <summary>What it has to say to its links, in order; whoever delivers it clears it.</summary>
    public List<NodeEffect.Send> Sent { get; } = [];

    private Instant Now => new(_microseconds);

    /// <exception cref="InvalidOperationException">The node refuses.</exception>
    public T Execute<T>(NodeCommand command)
        where T : NodeResult
    {
        _result = null;
        _microseconds += 1_000;
        Give(new NodeInput.Commanded(1, command));
        return _result as T ?? throw new InvalidOperationException($"{command.GetType().Name} gave {_result}.");
    }

    /// <summary>Handles an input and everything that follows from it without a peer and without time.</summary>
    public void Give(NodeInput input)
    {
        _inputs.Enqueue(input);
        while (_inputs.TryDequeue(out var next))
        {
            _core.Handle(next, Now, this);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time)
    {
        _microseconds += (long)time.TotalMicroseconds;
        if (_core.Deadline <= Now)
        {
            _core.HandleDeadline(Now, this);
            Give(new NodeInput.WallClockRead(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        }
    }

    void IEffectSink<NodeEffect>.Add(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Persist batch:
                Store.Write(batch.Writes, sync: false);
                _inputs.Enqueue(new NodeInput.Persisted(batch.Batch));
                break;
            case NodeEffect.Verify check:
                _inputs.Enqueue(new NodeInput.Verified(
                    check.Token, _cryptography.Verify(check.Key.ToArray(), check.Message.Span, check.Signature.Span)));
                break;
            case NodeEffect.Complete complete:
                _result = complete.Result;
                break;
            case NodeEffect.Send send:
                Sent.Add(send);
                break;
            default:
                break;
        }
    }

    public void Dispose() => _core.Dispose();

    private sealed class NoChoices : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => 0;
    }
}
