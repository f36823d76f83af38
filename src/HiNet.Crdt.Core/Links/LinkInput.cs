namespace HiNet.Crdt.Core.Links;

/// <summary>What happens to a link; a closed union. Each case forwards to the method of <see cref="LinkMachine"/> that it names.</summary>
public abstract record LinkInput
{
    private LinkInput()
    {
    }

    /// <summary><see cref="LinkMachine.Start"/>.</summary>
    public sealed record Started : LinkInput;

    /// <summary><see cref="LinkMachine.Receive"/>. The bytes are not kept.</summary>
    public sealed record BytesReceived(ReadOnlyMemory<byte> Bytes) : LinkInput;

    /// <summary><see cref="LinkMachine.EndStream"/>.</summary>
    public sealed record StreamEnded : LinkInput;

    /// <summary><see cref="LinkMachine.Open"/>; the handle comes with the channel's next effect.</summary>
    public sealed record OpenChannel(string Protocol, ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> Handshake) : LinkInput;

    /// <summary><see cref="LinkMachine.Accept"/>.</summary>
    public sealed record AcceptChannel(LinkChannel Channel, ReadOnlyMemory<byte> Handshake) : LinkInput;

    /// <summary><see cref="LinkMachine.Reject"/>.</summary>
    public sealed record RejectChannel(LinkChannel Channel) : LinkInput;

    /// <summary><see cref="LinkMachine.Send"/>.</summary>
    public sealed record SendMessage(LinkChannel Channel, int Type, ReadOnlyMemory<byte> Payload) : LinkInput;

    /// <summary><see cref="LinkMachine.Cork"/>.</summary>
    public sealed record Corked : LinkInput;

    /// <summary><see cref="LinkMachine.Uncork"/>.</summary>
    public sealed record Uncorked : LinkInput;

    /// <summary><see cref="LinkMachine.CloseChannel"/>.</summary>
    public sealed record CloseChannel(LinkChannel Channel) : LinkInput;

    /// <summary><see cref="LinkMachine.Close"/>.</summary>
    public sealed record CloseLink(LinkCloseReason Reason, string Detail) : LinkInput;
}
