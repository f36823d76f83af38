using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>A node on a virtual LAN: its machine, and what it has said.</summary>
internal sealed class LanNode : IEffectSink<MdnsEffect>, IRandomSource
{
    private readonly VirtualLan _lan;
    private readonly int _number;

    /// <summary>Two nodes of one seed draw the same names.</summary>
    internal LanNode(VirtualLan lan, int number, ushort port, int seed)
    {
        _lan = lan;
        _number = number;
        Address = AddressOf(number);
        Link = LinkOf(number);
        Machine = new MdnsMachine(new CountedSecrets((ulong)seed * 1_000_000), this, port);
    }

    internal MdnsMachine Machine { get; }

    internal MdnsAddress Address { get; private set; }

    internal MdnsLink Link { get; private set; }

    internal bool IsConnected { get; set; } = true;

    /// <summary>What every draw gives, in place of draws of its own.</summary>
    internal ulong? Drawn { get; set; }

    internal List<MdnsEffect> Effects { get; } = [];

    internal IEnumerable<MdnsEffect.Found> Found => Effects.OfType<MdnsEffect.Found>();

    internal IEnumerable<string> Lost => Effects.OfType<MdnsEffect.Lost>().Select(lost => lost.Instance);

    internal static MdnsAddress AddressOf(int number) => MdnsAddress.FromBytes([192, 0, 2, (byte)number]);

    internal static MdnsLink LinkOf(int number) => new(new MdnsLinkId(1, false), [new MdnsSubnet(AddressOf(number), 24)]);

    internal long Counted(string instrument) =>
        Effects.OfType<MdnsEffect.Count>().Where(count => count.Instrument == instrument).Sum(count => count.Amount);

    /// <summary>The last that was said of an instance and not taken back.</summary>
    internal MdnsEffect.Found? Knows(string instance) =>
        Effects.LastOrDefault(effect => effect is MdnsEffect.Found found ? found.Instance == instance : effect is MdnsEffect.Lost lost && lost.Instance == instance)
            as MdnsEffect.Found;

    internal void Give(MdnsInput input) => Machine.Handle(input, _lan.Now, this);

    internal void HandleDeadline() => Machine.HandleDeadline(_lan.Now, this);

    internal void Move(int number)
    {
        Address = AddressOf(number);
        Link = LinkOf(number);
        Give(new MdnsInput.LinksChanged([Link]));
    }

    public void Add(MdnsEffect effect)
    {
        Effects.Add(effect);
        switch (effect)
        {
            case MdnsEffect.Multicast multicast when IsConnected:
                _lan.Multicast(Address, multicast.Bytes.ToArray());
                break;
            case MdnsEffect.Unicast unicast when IsConnected:
                _lan.Unicast(Address, unicast.To, unicast.Port, unicast.Bytes.ToArray());
                break;
            default:
                break;
        }
    }

    public ulong Draw(RandomStream stream, ulong counter) => Drawn ?? (((ulong)_number << 32) + counter) * 0x9E3779B97F4A7C15 >> 16;
}
