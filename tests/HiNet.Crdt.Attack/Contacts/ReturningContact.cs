using System.Collections.Concurrent;
using System.Diagnostics;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Attack.Contacts;

/// <summary>
/// An honest contact who comes and goes: starts its node, links, says something, and stops once the victim has applied it. Each time is
/// a new start of the node on what it kept.
/// </summary>
internal sealed class ReturningContact(string address)
{
    /// <summary>After this it is given up for the time, which then counts as this long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int ShortestPause = 3_000;
    private const int LongestPause = 7_000;

    private readonly InMemoryStore _store = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = [];
    private readonly ConcurrentQueue<string> _heard = [];

    /// <summary>How long each time took.</summary>
    public List<TimeSpan> Links { get; } = [];

    /// <summary>Texts that the victim has applied.</summary>
    public IReadOnlyList<string> Heard => [.. _heard];

    /// <summary>Becomes a contact. Returns the identity.</summary>
    public async Task<string> MeetAsync(string invite)
    {
        await using var node = await StartAsync([]);
        var victim = await node.AddContactAsync(invite);
        await node.OpenDirectAsync(victim.Id);
        using var patience = new CancellationTokenSource(Patience);
        while (node.Contacts[0].Status == ContactStatus.Waiting)
        {
            await Task.Delay(20, patience.Token);
        }

        return node.Self.Id.ToString();
    }

    /// <summary>The victim has applied a text.</summary>
    public void Hear(string text)
    {
        _heard.Enqueue(text);
        Awaited(text).TrySetResult();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Seeded, so that two runs have the same pauses.
        var random = new Random(5);
        while (!cancellationToken.IsCancellationRequested)
        {
            await ComeAsync($"hello {Links.Count}");
            try
            {
                await Task.Delay(random.Next(ShortestPause, LongestPause), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ComeAsync(string text)
    {
        var started = Stopwatch.GetTimestamp();
        await using var node = await StartAsync([address]);
        var conversation = await node.OpenDirectAsync(node.Contacts[0].Id);
        await conversation.SendAsync(text);
        try
        {
            await Awaited(text).Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // The time says so.
        }

        Links.Add(Stopwatch.GetElapsedTime(started));
    }

    private TaskCompletionSource Awaited(string text) =>
        _awaited.GetOrAdd(text, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private Task<HiNetNode> StartAsync(string[] bootstrap) =>
        HiNetNode.StartAsync(new HiNetOptions { Store = _store, Name = "Returning", Bootstrap = bootstrap, UseMdns = false });
}
