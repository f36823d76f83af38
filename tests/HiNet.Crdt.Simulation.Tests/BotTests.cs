using HiNet.Crdt.Simulation.Tests.Support;

namespace HiNet.Crdt.Simulation.Tests;

/// <summary>The bot of <c>docs/guide/simulating.md</c>, as it stands there.</summary>
public sealed class BotTests
{
    [Fact]
    public async Task A_bot_answers_each_question_once_across_a_partition_and_a_crash()
    {
        var world = new SimulatedWorld(seed: 7);
        var alice = world.AddNode("alice");
        var helper = world.AddNode("helper");
        world.Introduce(alice, helper);
        var asked = await alice.OpenDirectAsync(helper.Self.Id);
        using var bot = new EchoBot(helper, (await helper.OpenDirectAsync(alice.Self.Id)).Id);

        world.Partition([alice], [helper]);
        await asked.SendAsync("?one");
        await asked.SendAsync("?two");
        world.Crash(helper);
        world.Heal();
        world.RunFor(TimeSpan.FromSeconds(30));
        world.Restart(helper);
        world.RunUntilQuiet();

        asked.ReadPage().Select(message => message.Text).ShouldBe(["?one", "?two", "!one", "!two"]);
    }

    /// <summary>Answers what begins with a question mark. It is written against the abstractions, and so runs on a real node as well.</summary>
    private sealed class EchoBot : IDisposable
    {
        private readonly INode _node;
        private readonly IDisposable _subscription;

        public EchoBot(INode node, ConversationId conversation)
        {
            _node = node;
            _subscription = node.FindConversation(conversation)!.EventsFrom(EventCursor.Start).Subscribe(new Observer<ConversationEvent>(Answer));
        }

        public void Dispose() => _subscription.Dispose();

        private void Answer(ConversationEvent happened)
        {
            if (happened is MessageAdded { Text: ['?', .. var question] } asked && asked.Author.Id != _node.Self.Id)
            {
                _ = _node.FindConversation(asked.Conversation)!.SendAsync("!" + question);
            }
        }
    }
}
