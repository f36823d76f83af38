namespace HiNet.Crdt.Core.Ports;

/// <summary>Stands where a machine's effects go while it handles nothing: an effect then is a defect of the machine.</summary>
internal sealed class NoEffects<TEffect> : IEffectSink<TEffect>
{
    public static NoEffects<TEffect> Instance { get; } = new();

    public void Add(TEffect effect) =>
        throw new InvalidOperationException("An effect was added while nothing was being handled.");
}
