using System.Net;
using System.Text.Json;
using HiNet.Crdt.Attack.Hostile;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// All attackers, in one process. The hostile contacts meet the victim first: it says <c>met ID,ID,…</c>, takes <c>join</c> once they are in the
/// group, answers <c>joined</c>, attacks from <c>go</c> on, and answers <c>stop</c> by <c>tally JSON</c>.
/// </summary>
internal static class AttackerProgram
{
    public const string Verb = "attackers";

    private static readonly Func<IPEndPoint, Tally, HostileMember, HostileContact>[] s_contacts =
    [
        static (victim, tally, member) => new MessageFlood(victim, tally, member),
        static (victim, tally, member) => new OrphanFlood(victim, tally, member),
        static (victim, tally, member) => new Equivocator(victim, tally, member),
        static (victim, tally, member) => new Forger(victim, tally, member),
        static (victim, tally, member) => new FutureWriter(victim, tally, member),
        static (victim, tally, member) => new Withholder(victim, tally, member),
        static (victim, tally, member) => new Squatter(victim, tally, member),
        static (victim, tally, member) => new SybilDevices(victim, tally, member),
        static (victim, tally, member) => new BodyStripper(victim, tally, member),
        static (victim, tally, member) => new Replayer(victim, tally, member),
        static (victim, tally, member) => new LargestMessages(victim, tally, member),
    ];

    /// <param name="arguments">The victim's address, an invite that has room for all contacts, and with what the names of those begin that are wanted.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (victim, tally) = (IPEndPoint.Parse(arguments[0]), new Tally());
        var homes = new List<HostileHome>();
        foreach (var _ in s_contacts)
        {
            homes.Add(await HostileHome.MeetAsync(arguments[1]));
        }

        Console.WriteLine("met " + string.Join(',', homes.Select(home => home.Id)));
        await ExpectAsync("join");
        var members = await Task.WhenAll(homes.Select(home => home.JoinAsync(CancellationToken.None)));
        Attacker[] attackers =
        [
            new SilentCrowd(victim, tally),
            new SilentStrangers(victim, tally),
            new ChannelOpeners(victim, tally),
            new Drippers(victim, tally),
            new Garbage(victim, tally),
            new GarbageDatagrams(victim, tally),
            .. s_contacts.Zip(members, (create, member) => create(victim, tally, member)),
        ];
        Console.WriteLine("joined");
        await ExpectAsync("go");
        using var stop = new CancellationTokenSource();
        var work = attackers.Where(attacker => IsWanted(attacker, arguments[2..])).Select(attacker => Task.Run(() => attacker.RunAsync(stop.Token))).ToList();
        await ExpectAsync("stop");
        await stop.CancelAsync();
        await Task.WhenAll(work);
        Console.WriteLine("tally " + JsonSerializer.Serialize(tally.Counts));
        return 0;
    }

    private static bool IsWanted(Attacker attacker, string[] names) =>
        names.Length == 0 || Array.Exists(names, name => attacker.Name.StartsWith(name, StringComparison.Ordinal));

    private static async Task ExpectAsync(string word)
    {
        var line = await Console.In.ReadLineAsync();
        if (line != word)
        {
            throw new InvalidOperationException($"The attackers expect '{word}' and not '{line}'.");
        }
    }
}
