using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>What the parts of LAN discovery share: where effects go, draws, and which instances have to be looked at again.</summary>
internal sealed class MdnsContext(IRandomSource random, OwnService own)
{
    private ulong _draws;

    internal OwnService Own { get; } = own;

    /// <summary>Set by the machine for the time of each call.</summary>
    [DisallowNull]
    internal IEffectSink<MdnsEffect>? Effects { get; set; }

    /// <summary>Instances of which something has changed on some link, to be judged by the machine.</summary>
    internal SortedSet<DnsName> Changed { get; } = [];

    internal void Add(MdnsEffect effect) => Effects!.Add(effect);

    internal void Count(string instrument, long amount = 1) => Add(new MdnsEffect.Count(instrument, amount));

    /// <summary>A drawn time of <paramref name="least"/> to <paramref name="most"/> milliseconds.</summary>
    internal TimeSpan Jitter(int least, int most) =>
        TimeSpan.FromMicroseconds((least * 1000L) + (long)(random.Draw(RandomStream.LanDiscovery, _draws++) % (ulong)(((most - least) * 1000L) + 1)));
}
