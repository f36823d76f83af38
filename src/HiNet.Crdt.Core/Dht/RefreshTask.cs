namespace HiNet.Crdt.Core.Dht;

/// <summary>A lookup for the table's sake: who answers enters it. <paramref name="next"/> is the bucket that is refreshed after this.</summary>
internal sealed class RefreshTask(DhtNode node, DhtId target, int next) : LookupTask(node, target, 1)
{
    protected override bool TryFinish()
    {
        if (next != int.MaxValue)
        {
            Node.Refreshed(next);
        }

        return true;
    }
}
