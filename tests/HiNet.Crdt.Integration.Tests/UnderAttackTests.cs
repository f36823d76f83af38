using HiNet.Crdt.Attack;
using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>A node in a process of its own that every kind of adversary attacks at once. Ten minutes of it are a benchmark.</summary>
public sealed class UnderAttackTests : IDisposable
{
    private const double MostMegabytes = 300;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_longestLink = TimeSpan.FromSeconds(10);
    private readonly TemporaryDirectory _directory = new();

    private string Home => _directory.Combine("home");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Contacts_get_through_nothing_acknowledged_is_lost_and_memory_stays_in_its_bound()
    {
        var report = await AttackRun.RunAsync(new AttackOptions { Folder = Home, Duration = s_duration }, CancellationToken.None);

        // They did attack, each of them.
        var attackers = report.Attackers.ToLookup(pair => pair.Key.Split(':')[0], pair => pair.Value);
        attackers.Count.ShouldBe(AttackRun.KindsOfAttackers);
        attackers.ShouldAllBe(counts => counts.Sum() > 0);
        report.Victim.Misbehaved.Keys.ShouldContain("bad-signature");
        report.Victim.Misbehaved.Keys.ShouldContain("malformed-segments");

        report.Links.ShouldNotBeEmpty();
        report.Links.ShouldAllBe(link => link < s_longestLink);
        report.Victim.PeakMegabytes.ShouldBeLessThan(MostMegabytes);
        report.Victim.Problem.ShouldBeNull();

        await using var node = await Nodes.StartAsync(Home);
        TextsOf(node.Conversations.Single(IsNotes(node))).ShouldBe(Enumerable.Range(0, report.Victim.Notes).Select(number => $"note {number}"));
        TextsOf(node.Conversations.Single(conversation => conversation.Kind == ConversationKind.Group))
            .Where(text => text?.StartsWith("said ", StringComparison.Ordinal) == true)
            .ShouldBe(Enumerable.Range(0, report.Victim.Said).Select(number => $"said {number}"));
        var heard = node.Conversations.SelectMany(TextsOf).ToHashSet();
        report.Heard.ShouldAllBe(text => heard.Contains(text));
    }

    private static Func<IConversation, bool> IsNotes(HiNetNode node) =>
        conversation => conversation.Kind == ConversationKind.Direct && conversation.Members.All(member => member.Person.Id == node.Self.Id);

    private static IEnumerable<string?> TextsOf(IConversation conversation) => conversation.ReadAll().Select(message => message.Text);
}
