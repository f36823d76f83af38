using HiNet.Crdt.Simulation.Meaning;

namespace HiNet.Crdt.Simulation.Tests.Meaning;

/// <summary>What a message comes to say by what is done to it, in whatever order one hears of it.</summary>
public sealed class ExpectedMessageTests
{
    private readonly SampleLedger _sample = new();

    [Fact]
    public void The_edit_that_is_last_in_conversation_order_counts()
    {
        var message = Message();
        message.Edit(_sample.Add(3, 30), "later");
        message.Edit(_sample.Add(2, 20), "earlier");
        message.Text.ShouldBe("later");
        message.IsEdited.ShouldBeTrue();
        message.HasSaid("first").ShouldBeTrue();
        message.HasSaid("never").ShouldBeFalse();
    }

    [Fact]
    public void Of_edits_of_one_time_the_greater_id_counts()
    {
        var message = Message();
        message.Edit(_sample.Add(9, 20), "nine");
        message.Edit(_sample.Add(2, 20), "two");
        message.Text.ShouldBe("nine");
    }

    [Fact]
    public void The_last_word_of_each_person_on_each_emoji_counts()
    {
        var message = Message();
        message.React(_sample.Add(4, 40), SampleLedger.Person(1), "a", remove: false);
        message.React(_sample.Add(2, 20), SampleLedger.Person(2), "b", remove: false);
        message.React(_sample.Add(3, 30), SampleLedger.Person(1), "a", remove: true);
        message.React(_sample.Add(5, 50), SampleLedger.Person(2), "b", remove: true);
        message.Reactions().ShouldBe([("a", SampleLedger.Person(1))]);
    }

    [Fact]
    public void Nothing_is_left_of_what_was_deleted()
    {
        var message = Message();
        message.React(_sample.Add(2, 20), SampleLedger.Person(1), "a", remove: false);
        message.Delete();
        message.Reactions().ShouldBeEmpty();
        message.IsDeleted.ShouldBeTrue();
    }

    private ExpectedMessage Message() => new(_sample.Add(1, 10), SampleLedger.Person(1), new Intent.Say("first", null));
}
