namespace HiNet.Crdt.LocalApi.Links;

/// <summary>
/// Watches the first frame in each direction of an initiator's stream. Once this end has yielded, disposing it leaves the stream
/// below open: it is used again.
/// </summary>
internal sealed class OpeningStream(Stream inner) : HandshakeStream
{
    private const int FrameSize = SymmetricLink.PrefixSize + SymmetricLink.OpeningSize;

    private readonly CancellationTokenSource _yielded = new();
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _own = new();
    private byte[] _held = [];
    private int _heldOffset;
    private bool _decided;

    /// <summary>Cancelled when the other end's opening wins, and this end must answer it.</summary>
    public CancellationToken Yielded => _yielded.Token;

    /// <summary>The other end's opening, once this end has yielded.</summary>
    public byte[] PeerOpening { get; private set; } = [];

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_decided && buffer.Length > 0)
        {
            await DecideAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_heldOffset < _held.Length)
        {
            var length = Math.Min(buffer.Length, _held.Length - _heldOffset);
            _held.AsMemory(_heldOffset, length).CopyTo(buffer);
            _heldOffset += length;
            return length;
        }

        return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_yielded.IsCancellationRequested)
        {
            throw new IOException("This end answers now; what it wrote as initiator has no place any more.");
        }

        if (_own.Length < FrameSize)
        {
            _own.Write(buffer.Span[..(int)Math.Min(buffer.Length, FrameSize - _own.Length)]);
        }

        await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (_own.Length == FrameSize)
        {
            _written.TrySetResult();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _written.TrySetCanceled();
        if (disposing && !_yielded.IsCancellationRequested)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task DecideAsync(CancellationToken cancellationToken)
    {
        var prefix = new byte[SymmetricLink.PrefixSize];
        var read = await inner.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < prefix.Length || !SymmetricLink.IsOpening(prefix))
        {
            _held = prefix[..read];
            _decided = true;
            return;
        }

        var peer = new byte[FrameSize];
        prefix.CopyTo(peer, 0);
        await inner.ReadExactlyAsync(peer.AsMemory(prefix.Length), cancellationToken).ConfigureAwait(false);
        await _written.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        var order = _own.GetBuffer().AsSpan(0, FrameSize).SequenceCompareTo(peer);
        _decided = true;
        if (order == 0)
        {
            throw new IOException("The stream leads back to this end; join two different nodes.");
        }

        if (order < 0)
        {
            PeerOpening = peer;
            await _yielded.CancelAsync().ConfigureAwait(false);
            throw new OperationCanceledException("The other end takes the initiator's part.", _yielded.Token);
        }

        // The other end yields and answers: its opening is dropped, the answer comes next.
    }
}
