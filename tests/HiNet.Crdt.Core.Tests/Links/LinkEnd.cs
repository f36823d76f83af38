using System.Text;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>A machine with its clock, what it said (messages copied) and the bytes that it wants sent.</summary>
internal sealed class LinkEnd : IEffectSink<LinkEffect>
{
    private readonly List<byte> _output = [];

    public LinkEnd(bool isInitiator, byte seed, LinkOptions? options = null, ICryptography? cryptography = null)
    {
        Keys = NodeKeyPair.FromSeed(SodiumCryptography.Instance, Seed(seed));
        Machine = new LinkMachine(cryptography ?? SodiumCryptography.Instance, Keys, isInitiator, options ?? LinkOptions.Default, Now);
    }

    public NodeKeyPair Keys { get; }

    public LinkMachine Machine { get; }

    public Instant Now { get; set; } = new(1_000_000);

    public List<LinkEffect> Effects { get; } = [];

    /// <summary>Channel, type and text of every message.</summary>
    public List<(LinkChannel Channel, int Type, string Text)> Messages { get; } = [];

    /// <summary>What to do from within an effect.</summary>
    public Action<LinkEffect>? During { get; set; }

    /// <summary>How many pieces were handed out for sending.</summary>
    public int Writes { get; private set; }

    public LinkEffect.CloseStream? Closed => Effects.OfType<LinkEffect.CloseStream>().SingleOrDefault();

    public static byte[] Seed(byte value)
    {
        var seed = new byte[32];
        Array.Fill(seed, value);
        return seed;
    }

    public void Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                Writes++;
                _output.AddRange(send.Bytes.Span);
                break;
            case LinkEffect.MessageReceived message:
                Messages.Add((message.Channel, message.Type, Encoding.UTF8.GetString(message.Payload.Span)));
                break;
            default:
                Effects.Add(effect);
                break;
        }

        During?.Invoke(effect);
    }

    public byte[] TakeOutput()
    {
        var bytes = _output.ToArray();
        _output.Clear();
        return bytes;
    }

    public void Start() => Machine.Start(Now, this);

    public void Receive(ReadOnlySpan<byte> bytes) => Machine.Receive(bytes, Now, this);

    public LinkChannel Open(string protocol, byte[] id, string handshake = "") =>
        Machine.Open(protocol, id, Encoding.UTF8.GetBytes(handshake), Now, this);

    public bool Accept(LinkChannel channel, string handshake = "") =>
        Machine.Accept(channel, Encoding.UTF8.GetBytes(handshake), Now, this);

    public bool Send(LinkChannel channel, int type, string text) => Machine.Send(channel, type, Encoding.UTF8.GetBytes(text), Now, this);

    public void Uncork() => Machine.Uncork(Now, this);

    public void CloseChannel(LinkChannel channel) => Machine.CloseChannel(channel, Now, this);

    public T Only<T>()
        where T : LinkEffect => Effects.OfType<T>().ShouldHaveSingleItem();
}
