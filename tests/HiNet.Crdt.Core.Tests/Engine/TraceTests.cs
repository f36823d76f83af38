using System.Collections;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Real histories: each author a device of its own that writes having seen exactly what the trace says it had.</summary>
public sealed class TraceTests
{
    [SharedDataFact("trace-b.jsonl")]
    public void A_real_history_of_103_authors_converges_to_one_order_that_respects_every_parent()
    {
        var trace = CausalTrace.Read(SharedData.Find("trace-b.jsonl")!);
        var authors = trace.Authors.Select((name, i) => (name, Author: new TraceAuthor(name, ((i * 37) % 21 * 200) - 2000)))
            .ToDictionary(pair => pair.name, pair => pair.Author);
        var founder = authors[trace.Lines[0].Author];
        var now = new Instant(0);
        SignedRun[] start = [founder.Found(authors.Values.Select(a => a.Card).OrderBy(c => c != founder.Card), now), founder.MakeEpoch(now)];
        foreach (var author in authors.Values.Where(a => a != founder))
        {
            author.Join(founder);
            Deliver(author, start, now);
        }

        var runs = Replay(trace, authors, out var ids, ref now);
        var draw = 1UL;
        foreach (var author in authors.Values)
        {
            // Every replica gets everything in an order of its own; what it has it ignores, what is early waits.
            var shuffled = runs.OrderBy(_ => draw = (draw * 6364136223846793005UL) + 1442695040888963407UL).ToList();
            Deliver(author, shuffled, now);
            author.Replica!.BufferedCount.ShouldBe(0);
            author.Refused.ShouldBe(0);
        }

        AssertOneOrder(trace, authors.Values, ids);
    }

    private static List<SignedRun> Replay(
        CausalTrace trace, Dictionary<string, TraceAuthor> authors, out Dictionary<int, EntryId> ids, ref Instant now)
    {
        var runs = new List<SignedRun>();
        var index = trace.Lines.Select((line, i) => (line.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        var pasts = new BitArray[trace.Lines.Count];
        var seen = authors.Keys.ToDictionary(name => name, _ => new BitArray(trace.Lines.Count));
        ids = [];
        for (var i = 0; i < trace.Lines.Count; i++)
        {
            var line = trace.Lines[i];
            var author = authors[line.Author];
            now += TimeSpan.FromMilliseconds(5);
            var past = new BitArray(seen[line.Author]);
            foreach (var parent in line.Parents)
            {
                past.Or(pasts[index[parent]]);
            }

            var missing = new BitArray(past).Xor(seen[line.Author]);
            Deliver(author, Enumerable.Range(0, i).Where(k => missing[k]).Select(k => runs[k]), now);
            author.Replica!.BufferedCount.ShouldBe(0, $"line {line.Id} lacks a part of its past");
            runs.Add(author.Write(line.Text.Length == 0 ? " " : line.Text, now));
            ids[line.Id] = runs[^1].Last.Id;
            past[i] = true;
            pasts[i] = past;
            seen[line.Author] = new BitArray(past);
        }

        return runs;
    }

    private static void Deliver(TraceAuthor author, IEnumerable<SignedRun> runs, Instant now)
    {
        foreach (var run in runs)
        {
            author.Receive(run, now);
        }

        author.Settle();
    }

    private static void AssertOneOrder(CausalTrace trace, IEnumerable<TraceAuthor> authors, Dictionary<int, EntryId> ids)
    {
        List<EntryId>? expected = null;
        Bytes32? hash = null;
        foreach (var author in authors)
        {
            var group = author.Replica!.Id;
            hash ??= author.Reader.StatusOf(group).StateHash;
            author.Reader.StatusOf(group).StateHash.ShouldBe(hash.Value);
            if (expected is null)
            {
                var page = author.Reader.Page(group, 10_000, null);
                page.Count.ShouldBe(trace.Lines.Count);
                expected = [.. page.Select(m => m.Id)];
            }
        }

        var place = expected!.Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i);
        foreach (var line in trace.Lines)
        {
            foreach (var parent in line.Parents)
            {
                place[ids[parent]].ShouldBeLessThan(place[ids[line.Id]]);
            }
        }
    }
}
