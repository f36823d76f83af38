namespace HiNet.Crdt.Simulation;

/// <summary>Every place in the engine that is marked, so that a sweep can say which of them it never reached. A test compares the list with the source.</summary>
public static class KnownMarks
{
    /// <summary>In alphabetical order. Marks whose end is computed are listed up to there, with a star.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "append.refused",
        "bound.causal.buffer",
        "bound.empty.groups",
        "bound.epochs.asked.for",
        "bound.frame.length",
        "bound.frame.time",
        "bound.frontier.long",
        "bound.genesis.members",
        "bound.group.name",
        "bound.handed.secrets",
        "bound.handshake.time",
        "bound.invitation.epochs",
        "bound.invitations",
        "bound.invitations.person",
        "bound.invite.uses",
        "bound.invites",
        "bound.link.channels",
        "bound.links",
        "bound.newest.entries",
        "bound.own.head.claims",
        "bound.parents",
        "bound.parked.runs",
        "bound.reaction",
        "bound.receipt.members",
        "bound.recent.entries",
        "bound.refused.ids",
        "bound.remote.devices",
        "bound.segment.horizon",
        "bound.segment.longest",
        "bound.segment.looks",
        "bound.segment.message",
        "bound.segment.window",
        "bound.signed.run",
        "bound.superseded.epochs",
        "bound.text",
        "channel.no.longer.authorized",
        "channel.nothing.common",
        "channel.opened.while.room.was.made",
        "channel.opening.withdrawn",
        "channel.over",
        "channel.rests",
        "channel.unauthorized",
        "clock.corrected",
        "clock.went.forward",
        "contact.met",
        "content.body.absent",
        "content.body.filled",
        "content.deletion.awaited",
        "content.edit.of.deleted",
        "content.malformed",
        "content.unreadable",
        "epoch.asked.for",
        "epoch.created",
        "epoch.secret.wrong",
        "group.invitation.refused",
        "group.invitation.waits",
        "group.invited.again",
        "group.key.of.other.end",
        "group.leave.known",
        "group.other.key",
        "group.other.key.right",
        "group.squatter.removed",
        "invite.expired",
        "invite.knocked.again",
        "invite.knocked.by.both",
        "invite.used.up",
        "link.evicted",
        "link.of.one.person",
        "link.partial.frames",
        "link.turns",
        "log.buffer.full",
        "log.control.bodyless",
        "log.fork",
        "log.fork.reported",
        "log.own.behind",
        "log.parked",
        "log.refused.*",
        "log.tail.kept",
        "log.waiting.forgotten",
        "meeting.clock.set",
        "meeting.found",
        "meeting.neighbour",
        "meeting.record.refused",
        "meeting.unwritten",
        "meeting.written",
        "peer.misbehaved.*",
        "remote.fork.unknown",
        "sync.divergence",
        "sync.pull",
        "sync.pull.fruitless",
        "sync.pull.stalled",
    ];

    /// <summary>Those of <see cref="All"/> at which one of the engine's bounds makes a difference.</summary>
    public static IEnumerable<string> Bounds => All.Where(IsBound);

    /// <summary>Whether a mark is that of a bound.</summary>
    public static bool IsBound(string mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        return mark.StartsWith("bound.", StringComparison.Ordinal);
    }

    /// <summary>Those of <see cref="All"/> that a run did not reach.</summary>
    public static IEnumerable<string> Missed(IReadOnlyDictionary<string, long> hits)
    {
        ArgumentNullException.ThrowIfNull(hits);
        return All.Where(mark => mark.EndsWith('*')
            ? !hits.Keys.Any(hit => hit.StartsWith(mark[..^1], StringComparison.Ordinal))
            : !hits.ContainsKey(mark));
    }
}
