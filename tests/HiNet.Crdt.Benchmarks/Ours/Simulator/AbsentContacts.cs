using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Simulation;

namespace HiNet.Crdt.Benchmarks.Ours.Simulator;

/// <summary>
/// A DHT of 30 nodes in virtual time, once as it is and once with a node whose 200 contacts are away: the difference of what is sent is what
/// looking for them costs, questions and answers, after the first two hours, in which they are looked for more often.
/// </summary>
internal sealed class AbsentContacts : IMeasurement
{
    private const int Members = 30;
    private const int Contacts = 200;
    private static readonly TimeSpan s_settling = TimeSpan.FromHours(2);
    private static readonly TimeSpan s_watched = TimeSpan.FromHours(4);

    public string Name => OurMeasurements.AbsentContacts;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var without = await BytesAsync(0);
        var with = await BytesAsync(Contacts);
        return new Dictionary<string, double> { [Metric.BytesPerSecond] = (with - without) / s_watched.TotalSeconds };
    }

    private static async Task<double> BytesAsync(int contacts)
    {
        var world = new SimulatedWorld(seed: 1, new WorldOptions { UseDht = true, LinkEveryone = false });
        for (var i = 0; i < Members; i++)
        {
            world.AddNode();
        }

        var node = world.Nodes[^1];
        var away = Enumerable.Range(0, contacts).Select(_ => world.AddNode()).ToList();
        if (contacts > 0)
        {
            var invite = await node.CreateInviteAsync(uses: contacts);
            foreach (var contact in away)
            {
                await contact.AddContactAsync(invite);
            }

            world.RunUntil(() => node.Contacts.Count == contacts, TimeSpan.FromMinutes(10));
        }

        away.ForEach(contact => world.Crash(contact, losePower: true));
        world.RunFor(s_settling);
        var before = world.BytesSent;
        world.RunFor(s_watched);
        return world.BytesSent - before;
    }
}
