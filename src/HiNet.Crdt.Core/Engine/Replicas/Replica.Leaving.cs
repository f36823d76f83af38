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

    /// <summary>This device wrote that its person leaves, members remain, and none of them has shown that they know.</summary>
    public bool OwesLeave(long wallClock) =>
        Authority.Members.Count > 0
        && Authority.RoleOf(_services.Identity) == Role.None
        && OwnHead() is { } own
        && own.Head != _knownLeave
        && FindInfo(own.Head) is { Kind: EntryKind.SetRole } leave
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

    /// <summary>
    /// Someone who invites this person says which epoch is the newest. Its members meet under the secret, and nothing else leads to
    /// them when the inviter is gone: so it is looked under until what makes this person a member is here.
    /// </summary>
    public void MeetUnder(IdentityId by, EntryId epoch)
    {
        var handed = new HandedEpoch(by, epoch);
        if (!AwaitsMembership || Description.Handed.Contains(handed))
        {
            return;
        }

        var others = Description.Handed.Where(known => known.By != by).ToList();
        if (others.Count < Limits.ControlKeys)
        {
            Description = Description with { Handed = [.. others, handed] };
            PutDescription();
            _host.MeetingChanged(this);
        }
    }

    /// <summary>Secrets of epochs that inviters handed over and that have not come, while this person waits to be a member.</summary>
    public IEnumerable<byte[]> HandedSecrets()
    {
        foreach (var epoch in AwaitsMembership ? Description.Handed.Select(handed => handed.Epoch).Distinct() : [])
        {
            if (!_epochs.ContainsKey(epoch) && SecretOf(epoch) is { } secret)
            {
                yield return secret;
            }
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

    /// <summary>A member's device has closed its channel; <paramref name="wasSent"/> says of an entry whether it went there.</summary>
    public void ClosedByMember(Func<EntryHeader, EntryId, bool> wasSent)
    {
        if (Description.Kind == ConversationKind.Group
            && Authority.RoleOf(_services.Identity) == Role.None
            && OwnHead() is { } own
            && own.Head != _knownLeave
            && FindInfo(own.Head) is { } leave
            && ReadHeader(leave.Arrival) is { } header
            && wasSent(header, own.Head))
        {
            _knownLeave = own.Head;
            _services.Marks.Hit("group.leave.known");
            _host.MeetingChanged(this);
        }
    }
}
