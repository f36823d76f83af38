using HiNet.Crdt.Cli.Chat;

namespace HiNet.Crdt.Cli.Tests.Chat;

public sealed class LastMessagesTests
{
    private readonly LastMessages _last = new();

    [Fact]
    public void An_event_that_comes_late_does_not_make_an_earlier_message_the_last()
    {
        _last.Count("hello", isOwn: true);
        _last.Count("reply", isOwn: true);
        _last.Count("hello", isOwn: true);
        (_last.Any, _last.Own).ShouldBe(("reply", "reply"));
    }

    [Fact]
    public void What_others_write_is_last_for_a_reply_and_not_for_an_edit()
    {
        (_last.Any, _last.Own).ShouldBe((null, null));
        _last.Count("mine", isOwn: true);
        _last.Count("theirs", isOwn: false);
        (_last.Any, _last.Own).ShouldBe(("theirs", "mine"));
    }
}
