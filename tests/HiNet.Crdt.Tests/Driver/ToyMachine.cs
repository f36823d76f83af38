using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Tests.Driver;

/// <summary>
/// A machine that does as it is told: it notes its inputs and asks a delegate for effects. By default every command becomes
/// part of the next batch and is completed when that is durable, as the real machine does.
/// </summary>
internal sealed class ToyMachine : IStateMachine<NodeInput, NodeEffect>
{
    private readonly List<long> _gathering = [];
    private readonly List<long> _writing = [];
    private readonly object _gate = new();
    private readonly List<NodeInput> _inputs = [];
    private long _batches;

    public Instant Deadline { get; set; } = Instant.Never;

    /// <summary>Called for each input first; true when it dealt with it.</summary>
    public Func<NodeInput, IEffectSink<NodeEffect>, bool>? OnInput { get; set; }

    public Action<Instant, IEffectSink<NodeEffect>>? OnDeadline { get; set; }

    public long Batches => Interlocked.Read(ref _batches);

    public IReadOnlyList<NodeInput> Inputs
    {
        get
        {
            lock (_gate)
            {
                return [.. _inputs];
            }
        }
    }

    public bool KeepInputs { get; init; } = true;

    public void Handle(NodeInput input, Instant now, IEffectSink<NodeEffect> effects)
    {
        if (KeepInputs)
        {
            lock (_gate)
            {
                // The bytes are only valid now.
                _inputs.Add(input is NodeInput.BytesReceived received ? received with { Bytes = received.Bytes.ToArray() } : input);
            }
        }

        if (OnInput?.Invoke(input, effects) == true)
        {
            return;
        }

        switch (input)
        {
            case NodeInput.Commanded { Operation: NodeCommand.Stop } stop:
                effects.Add(new NodeEffect.Complete(stop.Command, new NodeResult.Done()));
                break;
            case NodeInput.Commanded command:
                _gathering.Add(command.Command);
                Write(effects);
                break;
            case NodeInput.Persisted:
                Finish(effects, new NodeResult.Done());
                break;
            case NodeInput.PersistFailed failed:
                Finish(effects, new NodeResult.Refused(failed.Problem));
                break;
        }
    }

    public void HandleDeadline(Instant now, IEffectSink<NodeEffect> effects)
    {
        Deadline = Instant.Never;
        OnDeadline?.Invoke(now, effects);
    }

    private void Write(IEffectSink<NodeEffect> effects)
    {
        if (_writing.Count == 0 && _gathering.Count > 0)
        {
            _writing.AddRange(_gathering);
            _gathering.Clear();
            var batch = new WriteBatch();
            batch.Put(ColumnFamily.Meta, [1], [1]);
            effects.Add(new NodeEffect.Persist(Interlocked.Increment(ref _batches), batch));
        }
    }

    private void Finish(IEffectSink<NodeEffect> effects, NodeResult result)
    {
        foreach (var command in _writing)
        {
            effects.Add(new NodeEffect.Complete(command, result));
        }

        _writing.Clear();
        Write(effects);
    }
}
