using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>Two ends joined by memory.</summary>
internal sealed class LinkPair
{
    public LinkPair(LinkOptions? initiator = null, LinkOptions? responder = null)
    {
        Initiator = new LinkEnd(isInitiator: true, 1, initiator);
        Responder = new LinkEnd(isInitiator: false, 2, responder);
    }

    public LinkEnd Initiator { get; }

    public LinkEnd Responder { get; }

    public static LinkPair Established(LinkOptions? initiator = null, LinkOptions? responder = null)
    {
        var pair = new LinkPair(initiator, responder);
        pair.Initiator.Start();
        pair.Run();
        return pair;
    }

    /// <summary>Carries bytes until both ends are silent.</summary>
    public void Run()
    {
        while (Carry(Initiator, Responder) | Carry(Responder, Initiator))
        {
        }
    }

    /// <summary>A channel that is open at both ends: the initiator's handle, then the responder's.</summary>
    public (LinkChannel Initiator, LinkChannel Responder) OpenChannel(string protocol = "hinet/test", params byte[] id)
    {
        var mine = Initiator.Open(protocol, id);
        var theirs = Responder.Open(protocol, id);
        Run();
        mine.State.ShouldBe(LinkChannelState.Open);
        theirs.State.ShouldBe(LinkChannelState.Open);
        return (mine, theirs);
    }

    private static bool Carry(LinkEnd from, LinkEnd to)
    {
        var bytes = from.TakeOutput();
        to.Receive(bytes);
        return bytes.Length > 0;
    }
}
