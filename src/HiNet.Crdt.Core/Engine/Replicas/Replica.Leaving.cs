using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// Whoever leaves a group has one thing left to do in it: let a member know. Without that the others go on encrypting for someone who
/// is gone, and the entry that says so, and all that its device wrote before, may be nowhere but here. So a leaver goes on meeting
/// the others until one of them shows that it knows, by closing the channel on which the entry went out, or for a bounded time.
/// Whoever is invited again after that holds a view that ends where they left.
/// </summary>
internal sealed partial class Replica
{
    private static readonly TimeSpan s_leavePatience = TimeSpan.FromDays(14);

    /// <summary>The entry by which this device left, once a member has shown that it knows. Who comes back and leaves again writes another.</summary>
    private EntryId? _knownLeave;

    /// <summary>The entry, of this device, by which its person left last; null when there is none.</summary>
    private EntryId? _ownLeave;

    /// <summary>
    /// This device wrote last that its person leaves, and nobody has invited them since: whether to come back is for the person to decide. Whoever is behind still gets
    /// what is here, since nobody else may have it whom they know; nothing is taken from them.
    /// </summary>
    public bool HasLeft => IsGone && !AwaitsMembership;

    /// <summary>This device wrote last that its person leaves, and they are no member.</summary>
    private bool IsGone => _ownLeave is { } leave && Authority.RoleOf(_services.Identity) == Role.None && OwnHead()?.Head == leave;

    /// <summary>This person has left, members remain, and none of them has shown that they know.</summary>
    public bool OwesLeave(long wallClock) =>
        IsGone
        && _ownLeave != _knownLeave
        && Authority.Members.Count > 0
        && FindInfo(_ownLeave!.Value) is { } leave
        && wallClock - leave.Hlc.Milliseconds < s_leavePatience.TotalMilliseconds;

    /// <summary>
    /// Who is a member now is not known here: someone invited this person, and what made them a member has not come. Either nothing
    /// or only a beginning has come yet, or the view ends where this person left; since then everyone may have come and gone.
    /// </summary>
    public bool AwaitsMembership => Description.Kind == ConversationKind.Group && (EntryCount == 0 || Description.Awaits is not null);

    /// <summary>Someone has invited this person to a conversation that is held already; <paramref name="grant"/> makes them a member.</summary>
    public void InvitedAgain(EntryId grant)
    {
        if (Description.Awaits != grant && Authority.RoleOf(_services.Identity) == Role.None && !Knows(grant))
        {
            _services.Marks.Hit("group.invited.again");
            AwaitMembership(grant);
            _host.AuthorityChanged(this);
        }
    }

    private void AwaitMembership(EntryId? grant)
    {
        Description = Description with { Awaits = grant, Handed = grant is null ? [] : Description.Handed };
        PutDescription();
    }

    /// <summary>What made this person a member has come, whether or not it still counts, or something else made them one.</summary>
    private void EndAwaiting(EntryId applied)
    {
        if (Description.Awaits is { } grant && (grant == applied || Authority.RoleOf(_services.Identity) > Role.None))
        {
            AwaitMembership(null);
        }
    }

    /// <summary>An authority entry is applied, or was read back.</summary>
    private void NoteOwnLeave(AuthorityOperation operation)
    {
        if (operation.Device == _services.Device
            && operation.Kind == EntryKind.SetRole
            && operation.Grants.Any(grant => grant.Member == _services.Identity && grant.Role == Role.None))
        {
            _ownLeave = operation.Id;
        }
    }

    /// <summary>A member who has all that is here knows that this person has left.</summary>
    public void LeaveIsKnown()
    {
        if (_knownLeave != _ownLeave)
        {
            _knownLeave = _ownLeave;
            _services.Marks.Hit("group.leave.known");
            _host.MeetingChanged(this);
        }
    }

    /// <summary>A member's device has closed its channel; <paramref name="wasSent"/> says of an entry whether it went there.</summary>
    public void ClosedByMember(Func<EntryHeader, EntryId, bool> wasSent)
    {
        if (IsGone
            && _ownLeave is { } own
            && own != _knownLeave
            && FindInfo(own) is { } leave
            && ReadHeader(leave.Arrival) is { } header
            && wasSent(header, own))
        {
            LeaveIsKnown();
        }
    }
}
