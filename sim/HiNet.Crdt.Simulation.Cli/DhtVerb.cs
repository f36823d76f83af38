using System.CommandLine;
using System.Globalization;
using HiNet.Crdt.Simulation.Dht;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>dht --nodes N [--dead P] [--hostile P] [--forged] [--drip] [--loss P] [--session MINUTES] [--lookups L] [--seed N] [--json]</c>: measures lookups in a large network.</summary>
internal static class DhtVerb
{
    private const int Most = 1_000_000;
    private const int MostChurning = 10_000;
    private const int LongestSession = 7 * 24 * 60;

    public static Command Create()
    {
        var nodes = CommonOptions.Count("--nodes", "Nodes, 2 to 1,000,000.", 2, Most);
        nodes.Required = true;
        var lookups = CommonOptions.Count("--lookups", "Lookups of nodes, and as many of records; 1000 when left out.", 1, Most);
        lookups.DefaultValueFactory = _ => 1000;
        var dead = Part("--dead", "The part of the nodes that is gone, between 0 and 1.");
        var hostile = Part("--hostile", "The part of the nodes that tells of accomplices only, between 0 and 1; lookups then go over disjoint paths.");
        var loss = Part("--loss", "The part of the datagrams that is lost, between 0 and 1.");
        var session = CommonOptions.Count("--session", $"Minutes that a node stays up in the mean, 1 to {LongestSession}; a fresh one takes its place. All stay when left out.", 1, LongestSession);
        var forged = new Option<bool>("--forged") { Description = "Hostile nodes tell of honest nodes' keys at their own addresses." };
        var drip = new Option<bool>("--drip") { Description = "Hostile nodes give slots of their own one at a time, as late as the asker waits." };
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var command = new Command("dht", "Measures lookups of the DHT in a large network.") { nodes, dead, hostile, forged, drip, loss, session, lookups, seed, json };
        command.SetAction(parsed => Run(
            new DhtRunOptions
            {
                Nodes = parsed.GetValue(nodes),
                Dead = parsed.GetValue(dead),
                Hostile = parsed.GetValue(hostile),
                AreIdsForged = parsed.GetValue(forged),
                AreSlow = parsed.GetValue(drip),
                Loss = parsed.GetValue(loss),
                Session = parsed.GetValue(session) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : null,
                Lookups = parsed.GetValue(lookups),
                Seed = parsed.GetValue(seed),
            },
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(DhtRunOptions options, bool json)
    {
        if (options.Dead + options.Hostile >= 1)
        {
            throw new HiNetException("--dead and --hostile leave no honest node: let them be below 1 together.");
        }

        if (options.Session is not null && options.Dead + options.Hostile > 0)
        {
            throw new HiNetException("--session goes without --dead and --hostile: whoever is gone makes room for a fresh node, and all keep to the rules.");
        }

        if (options.Session is not null && options.Nodes > MostChurning)
        {
            throw new HiNetException($"--session goes with at most {MostChurning} nodes, not {options.Nodes}: all of them are at work all the time.");
        }

        var report = DhtRun.Run(options);
        if (json)
        {
            Console.Out.WriteLine(ReportJson.Write(report));
        }
        else
        {
            ReportText.Write(report, null);
        }

        return (int)report.Result;
    }

    private static Option<double> Part(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part < 1)
            {
                return part;
            }

            result.AddError($"{name} takes a number from 0 to below 1, not {result.Tokens[0].Value}.");
            return 0;
        },
    };
}
