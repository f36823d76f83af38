namespace HiNet.Crdt.Core.Ports;

/// <summary>
/// The one shape of every protocol machine: inputs in the past tense, effects in the imperative, time as an argument.
/// A machine has no clock, thread, I/O or randomness of its own, so the simulator runs exactly what users run.
/// </summary>
public interface IStateMachine<in TInput, out TEffect>
{
    /// <summary>When <see cref="HandleDeadline"/> wants to be called, or <see cref="Instant.Never"/>.</summary>
    Instant Deadline { get; }

    void Handle(TInput input, Instant now, IEffectSink<TEffect> effects);

    void HandleDeadline(Instant now, IEffectSink<TEffect> effects);
}
