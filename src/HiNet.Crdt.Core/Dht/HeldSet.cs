namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Holders that say they have the same slots. One of them is read; the others are spared if it has what it says, and all read at
/// once if it has not, so that a liar among them hides nothing.
/// </summary>
internal sealed class HeldSet
{
    private readonly List<DhtPeer> _spared = [];
    private HeldSetStep _step;

    /// <summary>Another holder: true when it is to be read now.</summary>
    public bool IsToRead(DhtPeer holder)
    {
        if (_step is HeldSetStep.Unread or HeldSetStep.Doubtful)
        {
            _step = _step == HeldSetStep.Unread ? HeldSetStep.BeingRead : _step;
            return true;
        }

        if (_step == HeldSetStep.BeingRead)
        {
            _spared.Add(holder);
        }

        return false;
    }

    /// <summary>All these slots are known, each with a signature that holds.</summary>
    public void Proved() => _step = HeldSetStep.Known;

    /// <summary>A holder had not what it said, or said no more: those who are to be read instead.</summary>
    public IReadOnlyList<DhtPeer> Doubted()
    {
        if (_step == HeldSetStep.Known)
        {
            return [];
        }

        _step = HeldSetStep.Doubtful;
        List<DhtPeer> others = [.. _spared];
        _spared.Clear();
        return others;
    }

    private enum HeldSetStep
    {
        Unread,
        BeingRead,
        Doubtful,
        Known,
    }
}
