using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Sessions;

internal sealed partial class ConversationChannel
{
    private const int SummaryDigestSize = 16;
    private const int SummarySize = SummaryDigestSize + 4;

    private static readonly TimeSpan FirstCompareDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastCompareDelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PullPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_betweenAnswers = TimeSpan.FromSeconds(1);

    /// <summary>In bytes a second: whoever brings less is not waited for alone.</summary>
    private const double LeastRate = 65_536;

    /// <summary>After so long others are asked beside, however much is brought.</summary>
    private static readonly TimeSpan s_longestTurn = TimeSpan.FromMinutes(2);

    /// <summary>A frontier of more heads than this is not said twice within <see cref="FirstCompareDelay"/>: a few bytes ask for it.</summary>
    private const int LongFrontier = 64;

    private readonly RemoteState _remote;
    private ulong? _frontierSentAt;
    private Instant _longFrontierFrom;
    private bool _remoteHasMore;

    /// <summary>What is missing here was not asked for, because this person had left.</summary>
    private bool _isHeldBack;

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(8);

    /// <summary>
    /// After so long without an entry either way a channel may give way, whatever the ends differ in: it may be what waits for its time, for days.
    /// </summary>
    private static readonly TimeSpan s_fruitless = TimeSpan.FromSeconds(20);

    /// <summary>After so long one gives way as soon as nothing is under way, however much there is to say: others have waited for their turn.</summary>
    private static readonly TimeSpan s_longestStay = TimeSpan.FromSeconds(60);

    /// <summary>When the channel became ready.</summary>
    private Instant _readyAt;

    /// <summary>When the channel became ready, or last sent entries or brought any that were applied.</summary>
    private Instant _movedAt;

    /// <summary>The last arrival when this end last said what it has, and when that was; null when the other end has answered.</summary>
    private (ulong Arrival, Instant Sent)? _summary;

    /// <summary>The last arrival when both ends were found to have the same; null before.</summary>
    private ulong? _equalAt;

    /// <summary>The other end has said last that it has something else. What was answered may be lost, if the link was cut and the channel rests.</summary>
    private bool _isUnequal;

    /// <summary>A frontier, or a pull, that the link had no room for; each goes out with the channel's next turn.</summary>
    private bool _owesFrontier;
    private bool _owesPull;
    private TimeSpan _compareDelay = FirstCompareDelay;
    private Instant _nextCompare = Instant.Never;
    private Instant _pullPatience = Instant.Never;

    /// <summary>Never when this end is not pulling, or has let others pull beside it.</summary>
    private Instant _turnEnds = Instant.Never;
    private Instant _lastPull;

    /// <summary>When the other end's pull is answered that came too soon after the last; never when there is none.</summary>
    private Instant _answerAt = Instant.Never;
    private Instant _nextAnswer;
    private List<DeviceId> _forkedThere = [];

    /// <summary>This end has asked for what it lacks and has not been told that it has all.</summary>
    public bool IsPulling { get; private set; }

    /// <summary>This end is pulling, and not long ago that brought something that was applied: nobody else is asked meanwhile.</summary>
    public bool HasTurn => _turnEnds != Instant.Never;

    /// <summary>
    /// Where the other end stands among those that may be asked; less means sooner. Of those who are no members, which all count as one,
    /// whoever has been in the conversation comes before strangers.
    /// </summary>
    public (int Fruitless, Instant Asked, bool IsStranger, Instant LastPull) Place
    {
        get
        {
            var (fruitless, asked) = Replica.Turns.PlaceOf(Member);
            return (fruitless, asked, RemoteDevice is not { } device || !Replica.Authority.TryGetDevice(device, out _), _lastPull);
        }
    }

    /// <summary>The person at the other end, when they are a member in this end's view.</summary>
    public IdentityId? Member => _wasMember ? RemoteIdentity : null;

    /// <summary>The other end holds entries that this one lacks.</summary>
    public bool RemoteHasMore => _remoteHasMore;

    public Instant Deadline => Instant.Min(
        Instant.Min(Instant.Min(_nextCompare, _bodies.Deadline), Instant.Min(_pullPatience, _turnEnds)), Instant.Min(_answerAt, _looksOn));

    /// <summary>The other end has said that it closes the channel since both have the same, as far as it knows.</summary>
    public bool OtherRests { get; private set; }

    /// <summary>Something is under way, or is to be said or asked for, or the ends have not been found to have the same since one of them had more.</summary>
    public bool HasMoreToSay =>
        IsPulling || _remoteHasMore || _nextCompare != Instant.Never || !_outbound.AtEnd || _unconsumed > 0 || _outstanding > 0 || _wanted.Count > 0 || _bodies.Deadline != Instant.Never || _answerAt != Instant.Never || _isUnequal;

    /// <summary>
    /// Nothing is under way between the ends, and they have been found to have the same, nothing has come of their differing for long, or
    /// the channel has had its time.
    /// </summary>
    public bool IsAtRest(Instant now) =>
        IsReady
        && !_services.Has(PlantedBug.ChannelsNeverRest)
        && now >= RestsFrom
        && ((_nextCompare == Instant.Never && (_equalAt == Replica.DurableArrival || HasBeenSilent(now))) || Replica.HasLeft || now >= _movedAt + s_fruitless || now >= _readyAt + s_longestStay)
        && !IsPulling
        && _bodies.Deadline == Instant.Never
        && _wanted.Count == 0
        && _outbound.AtEnd
        && _unconsumed == 0
        && _outstanding == 0
        && !_owesFrontier
        && !_owesPull
        && _answerAt == Instant.Never
        && !_owesCaughtUp;

    /// <summary>Says what this end has, unless that is under way, or known to be the same.</summary>
    public void CompareAgain(Instant now)
    {
        if (IsReady && _nextCompare == Instant.Never && !IsPulling && _equalAt != Replica.DurableArrival && _summary?.Arrival != Replica.DurableArrival)
        {
            SendSummary(now);
        }
    }

    /// <summary>This end has said what it has, it has that still, and the other end, which answers when it has something else, has not.</summary>
    private bool HasBeenSilent(Instant now) =>
        _summary is { } said && said.Arrival == Replica.DurableArrival && now >= said.Sent + s_silence && _session.Room.Pending < Limits.SegmentMessageBytes;

    private void Begin(Instant now)
    {
        _outbound.Cursor = Replica.DurableArrival;
        _bodies.Begin(now);
        SendSummary(now);
    }

    private void SendSummary(Instant now)
    {
        _frontierSentAt = null;
        var summary = new byte[SummarySize];
        SummarizeTo(summary);
        _summary = (Replica.DurableArrival, now);
        _session.Machine.Send(_channel, SummaryType, summary, now, _session);
    }

    private void SummarizeTo(Span<byte> summary)
    {
        Replica.DurableFrontier.Digest(_services.Cryptography).ToArray().AsSpan(0, SummaryDigestSize).CopyTo(summary);
        Replica.DurableStateHash.ToArray().AsSpan(0, SummarySize - SummaryDigestSize).CopyTo(summary[SummaryDigestSize..]);
    }

    /// <summary>Equal digests end the comparison after one message each way; unequal ones bring the frontiers.</summary>
    private void ReceiveSummary(ReadOnlySpan<byte> theirs, Instant now)
    {
        if (theirs.Length < SummarySize)
        {
            Misbehave("malformed-message", "a summary that is too short", now);
            return;
        }

        Span<byte> own = stackalloc byte[SummarySize];
        SummarizeTo(own);
        var frontier = Replica.DurableFrontier;
        if (theirs[..SummaryDigestSize].SequenceEqual(own[..SummaryDigestSize]))
        {
            NoteEqual(frontier);
            Replica.Compared(now);
            if (_wasMember && !theirs[SummaryDigestSize..SummarySize].SequenceEqual(own[SummaryDigestSize..]))
            {
                _services.Marks.Hit("sync.divergence");
                _host.Announce(new DivergenceDetected(default, Replica.Id, _session.Machine.Remote));
                _host.Count("hinet.sync.divergences");
            }

            _session.Rested(this, now);
            return;
        }

        _isUnequal = true;

        // Also one that was sent already: what came of it may have been lost to a full buffer.
        _frontierSentAt = null;
        SendFrontier(frontier, now);
        CompareLater(now);
    }

    private void NoteEqual(Frontier frontier)
    {
        foreach (var head in frontier.Heads)
        {
            _remote.Note(head.Device, head.Seq);
            _remote.NoteCommon(head.Device, head.Seq);
        }

        _remoteHasMore = false;
        _isUnequal = false;
        _equalAt = Replica.DurableArrival;
        _nextCompare = Instant.Never;
        _compareDelay = FirstCompareDelay;
    }

    /// <summary>False when nothing is sent: it was said, or too much was not long ago, or the link has no room for it yet.</summary>
    private bool SendFrontier(Frontier frontier, Instant now)
    {
        _owesFrontier = false;
        if (_frontierSentAt == Replica.DurableArrival)
        {
            return false;
        }

        if (frontier.Count > LongFrontier && now < _longFrontierFrom)
        {
            // What is asked for meanwhile is asked for by the last one, and may come twice; the next comparison says the rest.
            _services.Marks.Hit("bound.frontier.long");
            return false;
        }

        if (!_session.Room.Ask())
        {
            _owesFrontier = true;
            return false;
        }

        _frontierSentAt = Replica.DurableArrival;
        _longFrontierFrom = now + FirstCompareDelay;
        _services.Cost.Count(CostKind.Head, frontier.Count);
        _session.Machine.Send(_channel, FrontierType, frontier.Encode(), now, _session);
        return true;
    }

    private void ReceiveFrontier(ReadOnlySpan<byte> payload, Instant now)
    {
        if (!Frontier.TryDecode(payload, out var theirs))
        {
            Misbehave("malformed-message", "a frontier that cannot be parsed", now);
            return;
        }

        _summary = null;

        // What it could not name may be missing here.
        _remoteHasMore = theirs!.IsCut;
        _forkedThere = [];
        var judged = new Dictionary<EntryId, bool>();
        _services.Cost.Count(CostKind.Head, theirs!.Heads.Count);
        foreach (var head in theirs.Heads)
        {
            var hasOwn = Replica.TryGetDevice(head.Device, out var own);
            var isKnown = _services.Has(PlantedBug.FrontierByHeight) ? hasOwn && own!.MaxSeq >= head.Seq : Replica.Knows(head.Head);
            if (!isKnown && hasOwn && own!.MaxSeq >= head.Seq)
            {
                // Another entry where this replica has one already: the device has forked, and seqs no longer say what is missing.
                _forkedThere.Add(head.Device);
                _remote.MarkForked(head.Device);
            }

            _remoteHasMore |= !isKnown && !Replica.WaitsOnlyForItsTime(head.Head, judged) && !Replica.IsRefused(head.Head);
            if (!isKnown && head.Device == _services.Device && Member is { } member)
            {
                Replica.NoteOwnHead(head.Head, member, now);
            }

            if (isKnown)
            {
                _remote.NoteCommon(head.Device, head.Seq);
            }
        }

        _remote.Said(theirs);
        Replica.Compared(now);
        if (Replica.HasLeft && NamesAll(theirs))
        {
            // That this person has left, too.
            _services.Marks.Hit("channel.over");
            Replica.LeaveIsKnown();
            Close(now);
            return;
        }

        SendFrontier(Replica.DurableFrontier, now);
        PullIfFree(now);
        CompareLater(now);
    }

    /// <summary>Whether a frontier says that all is there that is here. What was sent does not count: there may have been no room for it.</summary>
    private bool NamesAll(Frontier theirs)
    {
        foreach (var head in Replica.DurableFrontier.Heads)
        {
            var isNamed = false;
            foreach (var other in theirs.HeadsOf(head.Device))
            {
                isNamed |= other.Head == head.Head
                    || (other.Seq > head.Seq && Replica.TryGetDevice(head.Device, out var log) && !log!.HasForked);
            }

            if (!isNamed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Asks this end for what is missing, unless another link is already bringing it; true when it did.</summary>
    public bool PullIfFree(Instant now)
    {
        if (!_remoteHasMore || IsPulling || _session.IsAnotherPulling(this))
        {
            return false;
        }

        _isHeldBack = Replica.HasLeft;
        if (_isHeldBack)
        {
            return false;
        }

        SendFrontier(Replica.DurableFrontier, now);
        if (_owesFrontier || !_session.Room.Ask())
        {
            // What is missing is counted from the frontier, so the pull comes behind it.
            _owesPull = true;
            return false;
        }

        _owesPull = false;
        IsPulling = true;
        _pullPatience = now + PullPatience;
        _turnEnds = _pullPatience;
        _lastPull = now;
        Replica.Turns.Asked(Member, now);
        var pull = new Pull();
        pull.ForkedDevices.AddRange(_forkedThere.Distinct().Select(device => ByteString.CopyFrom(device.ToArray())));
        Send(PullType, pull, now);
        _services.Marks.Hit("sync.pull");
        return true;
    }

    private bool SendOwed(Instant now)
    {
        var answered = SendBodies(now);
        if (!_owesFrontier && !_owesPull)
        {
            return answered;
        }

        // A turn that brings nothing onto the link is none: who has turns for ever lets nobody else go on.
        answered |= _owesFrontier && SendFrontier(Replica.DurableFrontier, now);
        if (_owesPull && !_owesFrontier)
        {
            _owesPull = false;
            answered |= PullIfFree(now);
        }

        return answered;
    }

    private void ReceivePull(Pull pull, Instant now)
    {
        foreach (var device in pull.ForkedDevices.Take(Limits.RemoteDevices))
        {
            if (device.Length == Bytes32.Size)
            {
                _remote.MarkForked(new DeviceId(device.Span));
            }
        }

        // One that is being answered needs no other answer.
        if (!_owesCaughtUp)
        {
            _answerAt = now < _nextAnswer ? _nextAnswer : now;
            AnswerPull(now);
        }
    }

    /// <summary>Looks for what the other end lacks, from the beginning. It may be much to look through, for a few bytes that asked for it.</summary>
    private void AnswerPull(Instant now)
    {
        if (now < _answerAt)
        {
            return;
        }

        _answerAt = Instant.Never;
        _nextAnswer = now + s_betweenAnswers;
        NoteForks();
        if (_unconsumed == 0)
        {
            // What was sent before may not have stayed there: the frontier says what did, once nothing is under way to be in it.
            _remote.Restart(Replica.Knows);
        }

        _outbound.Restart(Replica.ArrivalBefore(_remote.SeqOf));
        _owesCaughtUp = true;
        Pump(now);
    }

    private void ReceiveCaughtUp(CaughtUp caughtUp, Instant now)
    {
        StopPulling();
        _remoteHasMore = false;

        // Sooner again only if something was applied: what has no place here yet would be fetched without end.
        CompareLater(now);
        _host.PullEnded(this);
    }

    private void StopPulling()
    {
        IsPulling = false;
        _pullPatience = Instant.Never;
        _turnEnds = Instant.Never;
    }

    /// <summary>Compares again after a while: live entries can be lost to a full buffer or a broken relay, a comparison finds that.</summary>
    private void CompareLater(Instant now)
    {
        if (_nextCompare == Instant.Never)
        {
            _nextCompare = now + _compareDelay;
            _compareDelay = TimeSpan.FromTicks(Math.Min(_compareDelay.Ticks * 2, LastCompareDelay.Ticks));
        }
    }

    /// <summary>The replica has new durable entries.</summary>
    public void Advanced(Instant now)
    {
        if (IsReady)
        {
            Pump(now);
            _bodies.Look(now);
            _compareDelay = FirstCompareDelay;
            CompareLater(now);
        }
    }

    public void HandleDeadline(Instant now)
    {
        if (now >= _pullPatience)
        {
            // It promised entries and brings none: let another link try.
            _services.Marks.Hit("sync.pull.stalled");
            StopPulling();
            Recheck(now);
            _host.PullEnded(this);
        }
        else if (now >= _turnEnds)
        {
            // What it brings goes nowhere: others are asked as well.
            _services.Marks.Hit("sync.pull.fruitless");
            _turnEnds = Instant.Never;
            Recheck(now);
            _host.PullEnded(this);
        }

        if (now >= _nextCompare)
        {
            _nextCompare = Instant.Never;
            Recheck(now);
            SendSummary(now);
        }

        if (now >= _bodies.Deadline)
        {
            AskForBodies(now);
        }

        AnswerPull(now);
        if (now >= _looksOn)
        {
            _looksOn = Instant.Never;
            Pump(now);
        }
    }
}
