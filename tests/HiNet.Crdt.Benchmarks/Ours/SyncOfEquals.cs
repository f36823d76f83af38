using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// Two nodes hold the same conversation, part, and link again: what they say to each other about it once both have proved who
/// they are. Two cores in one process, so that every byte is seen; the same in every run.
/// </summary>
internal sealed class SyncOfEquals : IMeasurement
{
    private const int Messages = 1_000;
    private const int MostTurns = 10_000;

    public string Name => OurMeasurements.SyncOfEquals;

    public string? Unavailable => null;

    public Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var frames = new List<(int Side, int Bytes)>();
        using var alice = Create(0, frames);
        using var bob = Create(1, frames);
        LocalNode[] nodes = [alice, bob];
        var invite = alice.Execute<NodeResult.Invited>(new NodeCommand.CreateInvite([])).Invite;
        var contact = bob.Execute<NodeResult.Added>(new NodeCommand.AddContact(invite, null)).Contact;
        Link(nodes, new LinkId(1));
        var conversation = bob.Execute<NodeResult.Opened>(new NodeCommand.OpenDirect(contact.Id)).Conversation;
        foreach (var text in Nodes.CreateTexts(Messages))
        {
            bob.Execute<NodeResult.Written>(new NodeCommand.SendText(conversation, text, null));
            Deliver(nodes);
        }

        // Receipts and periodic comparisons come to rest.
        for (var second = 0; second < 300; second++)
        {
            Array.ForEach(nodes, node => node.Pass(TimeSpan.FromSeconds(1)));
            Deliver(nodes);
        }

        Array.ForEach(nodes, node => node.Give(new NodeInput.LinkEnded(new LinkId(1), "parted")));
        frames.Clear();
        Link(nodes, new LinkId(2));
        frames.RemoveAll(frame => frame.Bytes == 0);
        if (frames.Count < 2 || frames.DistinctBy(frame => frame.Side).Count() != 2)
        {
            throw new MeasurementException("the two did not compare what they hold");
        }

        var turns = 1 + frames.Zip(frames.Skip(1)).Count(pair => pair.First.Side != pair.Second.Side);
        return Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double>
        {
            [Metric.Bytes] = frames.Sum(frame => frame.Bytes),
            [Metric.RoundTrips] = (turns + 1) / 2,
        });
    }

    private static LocalNode Create(int side, List<(int Side, int Bytes)> frames) => new(
        Strangers.Create(),
        new FrameTap(SodiumCryptography.Instance, plaintext => frames.Add((side, SyncFrame.BytesOf(plaintext)))));

    private static void Link(LocalNode[] nodes, LinkId link)
    {
        Array.ForEach(nodes, node => node.Sent.Clear());
        nodes[1].Give(new NodeInput.LinkOpened(link, IsInitiator: false, null));
        nodes[0].Give(new NodeInput.LinkOpened(link, IsInitiator: true, null));
        Deliver(nodes);
    }

    /// <summary>Carries bytes to and fro until nobody has anything to say. No time passes.</summary>
    private static void Deliver(LocalNode[] nodes)
    {
        for (var turn = 0; nodes[0].Sent.Count + nodes[1].Sent.Count > 0; turn++)
        {
            if (turn == MostTurns)
            {
                throw new MeasurementException("the two do not come to an end");
            }

            var (from, to) = (nodes[turn % 2], nodes[(turn + 1) % 2]);
            NodeEffect.Send[] sent = [.. from.Sent];
            from.Sent.Clear();
            foreach (var send in sent)
            {
                to.Give(new NodeInput.BytesReceived(send.Link, send.Bytes));
                from.Give(new NodeInput.LinkProgressed(send.Link, send.Bytes.Length));
            }
        }
    }
}
