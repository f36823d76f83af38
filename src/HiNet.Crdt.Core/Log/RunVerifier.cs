namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Keeps runs while their signatures are checked elsewhere. A bad signature condemns the delivery, never the ids in it:
/// the same entries may still come from someone honest.
/// </summary>
public sealed class RunVerifier<TOrigin> : VerifiedRun.Maker
{
    private readonly Dictionary<long, (SignedRun Run, TOrigin Origin)> _pending = [];

    /// <summary>Bytes of the runs whose signatures are being checked, about.</summary>
    public long KeptBytes => _pending.Values.Sum(pending => pending.Run.Entries.Sum(entry => 200L + entry.HeaderBytes.Length + (entry.Body?.Length ?? 0)));
    private long _nextToken;

    public int Count => _pending.Count;

    /// <summary>Takes a run; the caller asks for its check under the returned token.</summary>
    public long Submit(SignedRun run, TOrigin origin)
    {
        var token = ++_nextToken;
        _pending.Add(token, (run, origin));
        return token;
    }

    /// <summary>The check came back: the run if it holds, else null. False for a token that is not pending.</summary>
    public bool TryComplete(long token, bool isValid, out VerifiedRun? verified, out TOrigin? origin)
    {
        verified = null;
        origin = default;
        if (!_pending.Remove(token, out var pending))
        {
            return false;
        }

        origin = pending.Origin;
        verified = isValid ? Make(pending.Run) : null;
        return true;
    }

}
