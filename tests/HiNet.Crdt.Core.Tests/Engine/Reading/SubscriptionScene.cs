using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>
/// A log that grows, an observer, and a runner that takes steps, in an order drawn from a seed. Some places of the log bring no
/// item, and some readings fail.
/// </summary>
internal sealed class SubscriptionScene
{
    private readonly SubscriptionMachine<ulong> _machine = new();
    private readonly Random _random;
    private readonly List<ulong> _log = [];
    private readonly List<ulong> _seen = [];
    private readonly EventPages _pages;
    private readonly ulong _from;
    private ulong _last;
    private bool _isRunning;
    private bool _isCompleting;
    private bool _isDisposed;
    private bool _isCompleted;

    public SubscriptionScene(int seed)
    {
        _random = new Random(seed);
        _from = (ulong)_random.Next(5);
        _pages = new EventPages(new EventCursor(_from));
    }

    public void Play(int happenings)
    {
        Run(_machine.Signal());
        for (var i = 0; i < happenings; i++)
        {
            switch (_random.Next(12))
            {
                case < 5:
                    Append();
                    break;
                case 5 when _random.Next(8) == 0:
                    _isCompleting = true;
                    Run(_machine.Complete());
                    break;
                case 6 when _random.Next(12) == 0:
                    _isDisposed = true;
                    Run(_machine.Dispose());
                    break;
                default:
                    Step(mayFail: true);
                    break;
            }
        }

        // A signal for what a failed reading has left, as the next publication would be.
        Run(_machine.Signal());
        while (_isRunning)
        {
            Step(mayFail: false);
        }

        var expected = _log.Where(place => place > _from).ToList();
        if (!_isDisposed && !_isCompleted)
        {
            _seen.ShouldBe(expected);
        }

        _seen.ShouldBe(expected.Take(_seen.Count));
        (_isCompleted || _isDisposed).ShouldBe(_isCompleting || _isDisposed);
        _machine.Held.ShouldBe(0);
    }

    private void Append()
    {
        for (var count = _random.Next(1, 40); count > 0; count--)
        {
            _last++;
            if (_random.Next(4) > 0)
            {
                _log.Add(_last);
            }
        }

        if (_pages.Published(new EventCursor(_last)))
        {
            Run(_machine.Signal());
        }
    }

    private void Run(bool mustRun)
    {
        (mustRun && _isRunning).ShouldBeFalse("two would run it at once");
        _isRunning |= mustRun;
    }

    private void Step(bool mayFail)
    {
        if (!_isRunning)
        {
            return;
        }

        switch (_machine.Next())
        {
            case SubscriptionStep.Fetch:
                Fetch(mayFail);
                break;
            case SubscriptionStep.Deliver:
                (_isDisposed || _isCompleted).ShouldBeFalse();
                _pages.Delivering(new EventCursor(_machine.Current));
                _seen.Add(_machine.Current);
                break;
            case SubscriptionStep.Complete:
                (_isDisposed || _isCompleted || !_isCompleting).ShouldBeFalse();
                _isCompleted = true;
                break;
            case SubscriptionStep.Rest:
                _isRunning = false;
                break;
        }
    }

    // The log may grow between the beginning of a reading and its end.
    private void Fetch(bool mayFail)
    {
        _pages.Begin();
        var after = _pages.Cursor.Position;
        var page = _log.Where(place => place > after).Take(_pages.Limit).ToList();
        page.Count.ShouldBeLessThanOrEqualTo(EventPages.LargestPage);
        if (_random.Next(3) == 0)
        {
            Append();
        }

        if (mayFail && _random.Next(10) == 0)
        {
            _machine.FetchFailed();
            return;
        }

        _pages.Fetched(page.Count);
        _machine.Fetched(page);
    }
}
