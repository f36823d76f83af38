using System.Text.Json;
using HiNet.Crdt.Attack.Attackers;
using HiNet.Crdt.Attack.Contacts;
using HiNet.Crdt.Attack.Processes;
using HiNet.Crdt.Attack.Victims;

namespace HiNet.Crdt.Attack;

/// <summary>
/// A node attacked by all adversaries at once, over TCP and UDP on loopback. The victim is a process of its own, all attackers are another one;
/// two honest members of its group, who stay, and an honest contact, who comes and goes, are in this process.
/// </summary>
public static class AttackRun
{
    /// <summary>Kinds of attackers.</summary>
    public const int KindsOfAttackers = 17;

    private const int Staying = 2;
    private static readonly TimeSpan s_progress = TimeSpan.FromSeconds(30);

    /// <summary>Attacks a fresh victim for as long as the options say, and reports what came of it.</summary>
    /// <exception cref="InvalidOperationException">The victim's or the attackers' process ended by itself.</exception>
    /// <exception cref="TimeoutException">One of them did not do what it had to do first.</exception>
    public static async Task<AttackReport> RunAsync(AttackOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ReturningContact? returning = null;
        await using var victim = new Child(VictimProgram.Verb, [options.Folder], line => Hear(returning, line));
        var words = (await victim.HearAsync("ready")).Split(' ');
        var (address, invite) = (words[0], words[1]);

        returning = new ReturningContact(address);
        await victim.SayAsync("expect " + await returning.MeetAsync(invite));
        await victim.HearAsync("expecting");
        await using var attackers = new Child(AttackerProgram.Verb, [address, invite, .. options.Only], static _ => { });
        var staying = new List<StayingContact>();
        try
        {
            while (staying.Count < Staying)
            {
                staying.Add(await StayingContact.MeetAsync(invite));
            }

            await victim.SayAsync($"group {await attackers.HearAsync("met")},{string.Join(',', staying.Select(contact => contact.Id))}");
            await victim.HearAsync("group");
            await attackers.SayAsync("join");
            await attackers.HearAsync("joined");
            await AttackAsync(victim, attackers, returning, options, cancellationToken);
            return await ReportAsync(victim, attackers, returning);
        }
        finally
        {
            foreach (var contact in staying)
            {
                await contact.DisposeAsync();
            }
        }
    }

    private static async Task AttackAsync(Child victim, Child attackers, ReturningContact returning, AttackOptions options, CancellationToken cancellationToken)
    {
        await victim.SayAsync("go");
        await attackers.SayAsync("go");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(options.Duration);
        var coming = returning.RunAsync(over.Token);
        for (var elapsed = TimeSpan.Zero; !coming.IsCompleted && !victim.HasEnded; elapsed += s_progress)
        {
            await Task.WhenAny(coming, Task.Delay(s_progress, cancellationToken));
            if (options.Log is { } log && returning.Links.Count > 0)
            {
                log.WriteLine($"    {elapsed + s_progress:mm\\:ss}: {returning.Links.Count} links, the last in {returning.Links[^1].TotalSeconds:0.00} s");
            }
        }

        if (!victim.HasEnded)
        {
            await coming;
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task<AttackReport> ReportAsync(Child victim, Child attackers, ReturningContact returning)
    {
        await victim.SayAsync("stop");
        var report = JsonSerializer.Deserialize<VictimReport>(await victim.HearAsync("report"))!;
        await attackers.SayAsync("stop");
        var tally = JsonSerializer.Deserialize<Dictionary<string, long>>(await attackers.HearAsync("tally"))!;
        return await victim.EndAsync() == 0
            ? new AttackReport { Links = returning.Links, Heard = returning.Heard, Victim = report, Attackers = tally }
            : throw new InvalidOperationException($"The victim ended with {victim.ExitCode}.");
    }

    private static void Hear(ReturningContact? returning, string line)
    {
        if (line.StartsWith("heard ", StringComparison.Ordinal))
        {
            returning?.Hear(line["heard ".Length..]);
        }
    }
}
