using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Keeping up with nodes that go without a word. Where none does, all of this costs nothing: it is driven by the silence of contacts that
/// were relied on.
/// </summary>
public sealed partial class DhtNode
{
    /// <summary>Contacts lost after which the own neighbourhood is looked up again.</summary>
    internal const int LostBeforeLookingAround = 10;

    /// <summary>How much sooner contacts are asked, at most, where many have gone.</summary>
    internal const int MostHaste = 8;

    private const int ProbesToJudgeBy = 16;

    private static readonly TimeSpan s_firstRejoin = TimeSpan.FromSeconds(30);

    private Instant _answeredAt;
    private Instant _rejoinAt;
    private TimeSpan _rejoinAfter = s_firstRejoin;
    private int _lost;
    private int _probes;
    private int _silentProbes;

    // One silence may be a lost datagram. If others were heard since, the fault is not on our side, and asking once more settles it,
    // rather than the next lookup that runs into it.
    private void NoteSilence(DhtPeer peer, Instant askedAt)
    {
        if (Table.Failed(peer, _now))
        {
            Count(DhtInstruments.TableDropped);
            _lost++;
            NoteLost(peer.Id);
        }
        else if (_answeredAt > askedAt && Table.Entry(peer.Id) is { IsPinged: false, Failures: > 0 } entry && entry.Peer.Endpoint == peer.Endpoint)
        {
            PingEntry(entry);
        }
    }

    /// <summary>How much sooner than in a network that nobody leaves things are done again: 1 to <see cref="MostHaste"/>.</summary>
    private double Haste => _options.QuestionableAfter / Table.QuestionableAfter;

    // Where more than a quarter of those that are asked say nothing, contacts are asked twice as soon and slots put again sooner; where hardly any does, half
    // as soon. Lost datagrams alone do not come to that; whoever names many that are gone brings us to a ping in four seconds at most.
    private void NoteProbe(bool isAnswered)
    {
        _probes++;
        _silentProbes += isAnswered ? 0 : 1;
        if (_probes < ProbesToJudgeBy)
        {
            return;
        }

        var most = _options.QuestionableAfter;
        var after = _silentProbes > ProbesToJudgeBy / 4 ? Table.QuestionableAfter / 2
            : _silentProbes <= ProbesToJudgeBy / 16 ? Table.QuestionableAfter * 2
            : Table.QuestionableAfter;
        Table.QuestionableAfter = after > most ? most : after < most / MostHaste ? most / MostHaste : after;
        (_probes, _silentProbes) = (0, 0);
    }

    // Who has come in our neighbourhood may not have found us. With fewer than k contacts we may have come in badly ourselves, or the
    // network may be that small: tried ever more seldom.
    private void LookAroundAgain()
    {
        if (_isRefreshing || Table.Count == 0)
        {
            return;
        }

        if (Table.Count < _options.BucketSize && _now >= _rejoinAt)
        {
            _rejoinAt = _now + Jittered(_rejoinAfter);
            _rejoinAfter = _rejoinAfter * 2 < _options.RefreshAfter ? _rejoinAfter * 2 : _options.RefreshAfter;
            _lost = 0;
            Join();
        }
        else if (_lost >= LostBeforeLookingAround)
        {
            _lost = 0;
            _rejoinAfter = s_firstRejoin;
            StartLookup(new RefreshTask(this, Table.Self, int.MaxValue));
        }
    }
}
