namespace HiNet.Crdt.Core.Ports;

/// <summary>Takes effects in the order in which the machine wants them carried out.</summary>
public interface IEffectSink<in TEffect>
{
    void Add(TEffect effect);
}
