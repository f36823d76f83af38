using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

public class SubscriptionMachineTests
{
    private readonly SubscriptionMachine<int> _machine = new();

    [Fact]
    public void It_rests_until_it_is_signalled_and_is_run_by_one_only()
    {
        _machine.Next().ShouldBe(SubscriptionStep.Rest);
        _machine.Signal().ShouldBeTrue();
        _machine.Signal().ShouldBeFalse();
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.Fetched([]);
        _machine.Next().ShouldBe(SubscriptionStep.Rest);
        _machine.Signal().ShouldBeTrue();
    }

    [Fact]
    public void A_signal_during_a_fetch_that_brings_nothing_leads_to_another_fetch()
    {
        _machine.Signal();
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.Signal();
        _machine.Fetched([]);
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.Fetched([]);
        _machine.Next().ShouldBe(SubscriptionStep.Rest);
    }

    [Fact]
    public void After_a_page_it_looks_for_the_next_without_a_signal()
    {
        _machine.Signal();
        _machine.Next();
        _machine.Fetched([7, 8]);
        _machine.Held.ShouldBe(2);
        _machine.Next().ShouldBe(SubscriptionStep.Deliver);
        _machine.Current.ShouldBe(7);
        _machine.Held.ShouldBe(1);
        _machine.Next().ShouldBe(SubscriptionStep.Deliver);
        _machine.Current.ShouldBe(8);
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
    }

    [Fact]
    public void Completion_comes_behind_a_fetch_that_began_after_it()
    {
        _machine.Signal();
        _machine.Next();
        _machine.Complete();
        _machine.Fetched([]);
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.Fetched([1]);
        _machine.Next().ShouldBe(SubscriptionStep.Deliver);
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.Fetched([]);
        _machine.Next().ShouldBe(SubscriptionStep.Complete);
        _machine.HasEnded.ShouldBeTrue();
        _machine.Next().ShouldBe(SubscriptionStep.Rest);
        _machine.Signal().ShouldBeFalse();
    }

    [Fact]
    public void Disposed_within_a_call_it_delivers_nothing_more_and_does_not_complete()
    {
        _machine.Signal();
        _machine.Next();
        _machine.Fetched([1, 2, 3]);
        _machine.Next().ShouldBe(SubscriptionStep.Deliver);
        _machine.Dispose().ShouldBeFalse();
        _machine.Complete();
        _machine.Next().ShouldBe(SubscriptionStep.End);
        _machine.Next().ShouldBe(SubscriptionStep.Rest);
        _machine.Held.ShouldBe(0);
    }

    [Fact]
    public void Disposed_at_rest_it_has_to_be_run_once_more_to_be_forgotten()
    {
        _machine.Dispose().ShouldBeTrue();
        _machine.Next().ShouldBe(SubscriptionStep.End);
    }

    [Fact]
    public void An_observer_that_threw_is_not_called_again()
    {
        _machine.Signal();
        _machine.Next();
        _machine.Fetched([1, 2]);
        _machine.Next();
        _machine.Threw();
        _machine.Next().ShouldBe(SubscriptionStep.End);
    }

    [Fact]
    public void A_fetch_that_fails_is_not_the_end_and_is_tried_again_at_the_next_signal()
    {
        _machine.Signal();
        _machine.Next();
        _machine.FetchFailed();
        _machine.Next().ShouldBe(SubscriptionStep.Rest);
        _machine.Signal().ShouldBeTrue();
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
    }

    [Fact]
    public void A_fetch_that_fails_while_it_completes_is_the_end()
    {
        _machine.Complete();
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.FetchFailed();
        _machine.Next().ShouldBe(SubscriptionStep.Complete);
    }

    [Fact]
    public void Completed_while_a_fetch_fails_it_fetches_once_more_before_the_end()
    {
        _machine.Signal();
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.Complete();
        _machine.FetchFailed();
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.Fetched([]);
        _machine.Next().ShouldBe(SubscriptionStep.Complete);
    }

    [Fact]
    public void At_rest_nothing_is_held_after_a_failed_fetch_either()
    {
        _machine.Signal();
        _machine.Next();
        _machine.Fetched([7]);
        _machine.Next().ShouldBe(SubscriptionStep.Deliver);
        _machine.Next().ShouldBe(SubscriptionStep.Fetch);
        _machine.FetchFailed();
        _machine.Held.ShouldBe(0);
        _machine.Next().ShouldBe(SubscriptionStep.Rest);
        _machine.Current.ShouldBe(default);
    }

    [Fact]
    public void In_any_order_of_happenings_each_item_comes_once_and_in_order()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            new SubscriptionScene(seed).Play(60);
        }
    }
}
