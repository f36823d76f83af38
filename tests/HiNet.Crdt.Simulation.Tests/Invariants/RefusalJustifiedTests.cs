using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Invariants;

namespace HiNet.Crdt.Simulation.Tests.Invariants;

/// <summary>A refusal is compared with what the world knows.</summary>
public sealed partial class RefusalJustifiedTests
{
    [Fact]
    public void Every_sentence_with_which_the_engine_refuses_has_a_reason()
    {
        var sentences = Directory.EnumerateFiles(Path.Combine(Root(), "src", "HiNet.Crdt.Core", "Engine"), "NodeCore*.cs")
            .SelectMany(file => Refusal().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Where(sentence => !sentence.Contains("DHT", StringComparison.Ordinal))
            .ToList();
        sentences.Count.ShouldBeGreaterThan(15);
        sentences.Where(sentence => RefusalCatalogue.ReasonOf(sentence) == RefusalReason.Unknown).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("You are not a member of this group (any more): ask an admin to add you.")]
    [InlineData("This node holds no such conversation: list them to see which it holds.")]
    [InlineData("This group's history has not arrived yet: link to one of its members first.")]
    [InlineData("The text is empty: write at least one character.")]
    [InlineData("The disk is full (simulated): make room and start the node again.")]
    [InlineData("This device's own newer entries are still on their way from a peer, as after a restore of an older copy: try again in a few seconds.")]
    [InlineData("I do not feel like it.")]
    public void A_member_who_may_write_is_not_refused(string sentence)
    {
        var (world, group) = Scene();
        var problem = Should.Throw<SimulationException>(
            () => Refuse(world, 1, new NodeCommand.SendText(group, "hello", null), sentence));
        problem.Invariant.ShouldBe("refusal-justified");
    }

    [Fact]
    public async Task Who_has_left_is_refused_rightly_until_they_are_added_again()
    {
        var (world, group) = Scene();
        var command = new NodeCommand.SendText(group, "hello", null);
        const string Sentence = "You are not a member of this group (any more): ask an admin to add you.";
        await world.Nodes[1].FindConversation(group)!.LeaveAsync();
        world.RunUntilQuiet();
        Refuse(world, 1, command, Sentence);
        await world.Nodes[0].FindConversation(group)!.AddMemberAsync(world.Nodes[1].Self.Id);
        Refuse(world, 1, command, Sentence);
        world.RunUntilQuiet();
        Should.Throw<SimulationException>(() => Refuse(world, 1, command, Sentence)).Invariant.ShouldBe("refusal-justified");
        world.Invariants.Refusals.Judged[RefusalReason.NotMember].ShouldBe((2, 1));
    }

    [Fact]
    public async Task Own_messages_that_are_there_can_be_edited_until_they_are_deleted()
    {
        var (world, group) = Scene();
        var message = await world.Nodes[0].FindConversation(group)!.SendAsync("hello");
        var edit = new NodeCommand.Edit(group, message.Id, "better");
        foreach (var sentence in new[] { "There is no such message in this conversation.", "You can only edit your own messages.", "This message was deleted: write a new one." })
        {
            Should.Throw<SimulationException>(() => Refuse(world, 0, edit, sentence)).Invariant.ShouldBe("refusal-justified");
        }

        await world.Nodes[0].FindConversation(group)!.DeleteAsync(message.Id);
        Refuse(world, 0, edit, "This message was deleted: write a new one.");
    }

    private static (SimulatedWorld World, ConversationId Group) Scene()
    {
        var world = new SimulatedWorld(3);
        var (alice, bob) = (world.AddNode(), world.AddNode());
        world.Introduce(alice, bob);
        var group = alice.CreateGroupAsync("team", [bob.Self.Id]).GetAwaiter().GetResult();
        world.RunUntilQuiet();
        return (world, group.Id);
    }

    private static void Refuse(SimulatedWorld world, int node, NodeCommand command, string sentence) =>
        world.Invariants.Completed(world.Nodes[node].Process, command, new NodeResult.Refused(sentence));

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex("""(?:Refused\(\$?|=> \$?|\? |: )"([A-Z][^"]{12,})"(?:\)|,|;|$)""", RegexOptions.Multiline)]
    private static partial Regex Refusal();
}
