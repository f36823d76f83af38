using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// A home that was restored from an older copy lacks what its device wrote since, and others hold it: whoever goes on writing
/// then gives the device two futures. So before a replica's first own entry since the start, once a peer names an own entry that
/// is not here, nothing is written until it is, for a bounded time, because what a peer says about heads is not signed. Once it
/// has written, a restored home has forked already, and others' words about its heads hold it up no more.
/// </summary>
internal sealed partial class Replica
{
    /// <summary>How often each person has been believed since the start; at most <see cref="Limits.OwnHeadClaimsInAll"/> together.</summary>
    private readonly SortedDictionary<IdentityId, int> _ownHeadClaims = [];
    private EntryId _ownHeadElsewhere;
    private Instant _ownHeadPatience;
    private bool _hasCompared;
    private bool _hasWritten;

    /// <summary>Peers hold own entries that this replica lacks and waits for.</summary>
    public bool IsBehindItself(Instant now) => !_hasWritten && now < _ownHeadPatience && !Knows(_ownHeadElsewhere);

    /// <summary>
    /// A member's device holds an entry of this device that is not here. Each person is believed a few times, and all together a few times
    /// more, or liars could keep this device silent: devices and people cost nothing.
    /// </summary>
    public void NoteOwnHead(EntryId head, IdentityId claimant, Instant now)
    {
        if (_hasWritten)
        {
            return;
        }

        var claims = _ownHeadClaims.GetValueOrDefault(claimant);
        if (claims >= _services.Bounds.OwnHeadClaims || _ownHeadClaims.Values.Sum() >= Limits.OwnHeadClaimsInAll)
        {
            _services.Marks.Hit("bound.own.head.claims");
        }
        else if (!IsBehindItself(now))
        {
            _services.Marks.Hit("log.own.behind");
            _ownHeadClaims[claimant] = claims + 1;
            (_ownHeadElsewhere, _ownHeadPatience) = (head, now + Limits.OwnHeadPatience);
        }
    }

    /// <summary>Some peer has said what it holds: what waited for that, lest it be written on an old head, need not wait longer.</summary>
    public void Compared(Instant now)
    {
        var isFirst = !_hasCompared;
        _hasCompared = true;
        AcknowledgeAgain(now);
        if (isFirst && _epochs.Values.Any(epoch => !epoch.IsHeld && epoch.HasUnread))
        {
            AskLater(now);
        }
    }
}
