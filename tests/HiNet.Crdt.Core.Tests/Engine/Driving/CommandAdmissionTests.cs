using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Core.Tests.Engine.Driving;

public class CommandAdmissionTests
{
    [Fact]
    public void Whatever_comes_and_is_answered_room_and_unanswered_make_the_maximum_and_numbers_rise_by_one()
    {
        var random = new Random(3);
        var admission = new CommandAdmission(5);
        var unanswered = 0;
        long last = 0;
        for (var i = 0; i < 1_000; i++)
        {
            if (random.Next(2) == 0 && unanswered < 5)
            {
                admission.Admit().ShouldBe(++last);
                unanswered++;
            }
            else if (unanswered > 0)
            {
                admission.Answered();
                unanswered--;
            }

            admission.Unanswered.ShouldBe(unanswered);
            admission.Room.ShouldBe(5 - unanswered);
        }
    }

    [Fact]
    public void Without_room_none_is_admitted_and_nothing_is_answered_twice()
    {
        var admission = new CommandAdmission(1);
        admission.Admit();
        Should.Throw<InvalidOperationException>(() => admission.Admit());
        admission.Answered();
        Should.Throw<InvalidOperationException>(admission.Answered);
    }

    [Fact]
    public void A_datagram_too_many_is_dropped_until_some_are_taken()
    {
        var datagrams = new DatagramAdmission();
        for (var i = 0; i < DatagramAdmission.Maximum; i++)
        {
            datagrams.TryAdd().ShouldBeTrue();
        }

        datagrams.TryAdd().ShouldBeFalse();
        datagrams.TakeOne();
        datagrams.TryAdd().ShouldBeTrue();
        datagrams.TryAdd().ShouldBeFalse();
        datagrams.TakeAll();
        datagrams.Waiting.ShouldBe(0);
        Should.Throw<InvalidOperationException>(datagrams.TakeOne);
    }
}
