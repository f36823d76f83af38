namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Whatever happened to nodes and links: once everyone is linked and time has passed, everyone shows the same.</summary>
public sealed class ConvergenceTests
{
    private const int SeedsEach = 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Every_history_converges(int block)
    {
        for (var seed = block * SeedsEach; seed < (block + 1) * SeedsEach; seed++)
        {
            try
            {
                Converges(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} does not converge: {e.Message}", e);
            }
        }
    }

    [Fact]
    public void A_seed_repeats_exactly()
    {
        var one = Describe(42);
        Describe(42).ShouldBe(one);
        Describe(43).ShouldNotBe(one);

        static string Describe(int seed)
        {
            var history = new RandomHistory(seed);
            history.Run(40);
            history.Settle();
            return string.Join(' ', history.Nodes.Select(n => $"{n.Reader.StatusOf(history.Group).StateHash} {n.SentBytes}"));
        }
    }

    private static void Converges(int seed)
    {
        var history = new RandomHistory(seed);
        history.Run(60);
        history.Settle();
        foreach (var conversation in new[] { history.Group, history.Direct })
        {
            var members = history.MembersOf(conversation);
            if (members.Count == 0 || history.Nodes[0].Reader.StatusOf(conversation).Entries == 0)
            {
                continue;
            }

            LoopbackScenes.ShouldBeEqual(conversation, [.. members]);
            foreach (var node in members)
            {
                node.Counts.ShouldNotContainKey("hinet.log.refused");
                node.Events.OfType<PeerMisbehaved>().ShouldBeEmpty();
                var status = node.Reader.StatusOf(conversation);
                (status.Missing, status.Parked).ShouldBe((0, 0));
                Page(node, conversation, members[0], node).ShouldBe(Page(members[0], conversation, members[0], node));
            }
        }
    }

    /// <summary>All that is shown but what is the reader's own: whether it came late to them, and that they have received what they read.</summary>
    private static string Page(LoopbackNode reader, ConversationId conversation, params LoopbackNode[] without) =>
        string.Join('\n', reader.Reader.Page(conversation, 10_000, null).Select(m => string.Join('|', [
            m.Id.ToString(),
            m.Author.ToString(),
            m.Device.ToString(),
            m.Time.ToString("O"),
            m.Text,
            $"{m.IsEdited} {m.IsDeleted} {m.IsUnsupported} {m.ReplyTo}",
            .. m.Reactions.Select(r => $"{r.Emoji} {string.Join(',', r.By.Select(p => p.Id))}"),
            .. m.Receipts.Where(r => without.All(node => node.Identity != r.Identity)).Select(r => $"{r.Identity} {r.Delivered} {r.Read}")])));
}
