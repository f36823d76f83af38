namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// Counts the bytes that a machine was given from links while its disk is busy. The machine has one batch under way at a time, and
/// what comes meanwhile gathers into the next one; nothing but this bounds that one while a write takes long.
/// </summary>
public sealed class UnwrittenInput
{
    /// <summary>Bytes whose outcome gathers for the next batch; 0 while no batch is under way.</summary>
    private long _gathering;

    /// <summary>Bytes whose outcome is in the batch that is under way.</summary>
    private long _underWay;

    private bool _isWriting;

    /// <summary>The machine is about to be given so many bytes.</summary>
    public void Received(long bytes) => _gathering += bytes;

    /// <summary>The machine has handed over a batch: all that it was given before is in it, or has come to nothing.</summary>
    public void Handed()
    {
        _underWay += _gathering;
        _gathering = 0;
        _isWriting = true;
    }

    /// <summary>The batch that was under way is on the disk, or has failed.</summary>
    public void Answered()
    {
        _underWay = 0;
        _isWriting = false;
    }

    /// <summary>
    /// What waits for the disk, once the machine has returned: whatever it was given while no batch is under way, it would have handed
    /// over.
    /// </summary>
    public long Settle()
    {
        if (!_isWriting)
        {
            _gathering = 0;
        }

        return _gathering + _underWay;
    }
}
