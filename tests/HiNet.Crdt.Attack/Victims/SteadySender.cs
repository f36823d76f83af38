using System.Diagnostics;

namespace HiNet.Crdt.Attack.Victims;

/// <summary>Sends one message after the other, 20 a second at most, in turn to itself and to the group, and notes how long each took until it was durable.</summary>
internal sealed class SteadySender
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly Task _running;
    private volatile bool _isStopping;

    public SteadySender(IConversation notes, IConversation group) => _running = Task.Run(() => SendAsync(notes, group));

    public List<double> Milliseconds { get; } = [];

    public int Notes { get; private set; }

    public int Said { get; private set; }

    /// <summary>Ends with the send that is under way. Fails as the first send that failed.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _running;
    }

    private async Task SendAsync(IConversation notes, IConversation group)
    {
        using var tick = new PeriodicTimer(Pause);
        while (!_isStopping)
        {
            var started = Stopwatch.GetTimestamp();
            if (Milliseconds.Count % 2 == 0)
            {
                await notes.SendAsync($"note {Notes}");
                Notes++;
            }
            else
            {
                await group.SendAsync($"said {Said}");
                Said++;
            }

            Milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await tick.WaitForNextTickAsync();
        }
    }
}
