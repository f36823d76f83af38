using System.CommandLine;
using HiNet.Crdt.Simulation.Dht;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>dht --nodes N [--dead P] [--hostile P] [--forged] [--loss P] [--lookups L] [--seed N] [--json]</c>: measures lookups in a large network.</summary>
internal static class DhtVerb
{
    private const int MostNodes = 1_000_000;

    public static Command Create()
    {
        var nodes = new Option<int>("--nodes") { Description = "Nodes, 2 to 1,000,000.", Required = true };
        nodes.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 2 or > MostNodes)
            {
                result.AddError("--nodes takes a number from 2 to 1000000.");
            }
        });
        var lookups = new Option<int>("--lookups") { Description = "Lookups of nodes, and as many of records; 1000 when left out.", DefaultValueFactory = _ => 1000 };
        lookups.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 1 or > MostNodes)
            {
                result.AddError("--lookups takes a number from 1 to 1000000.");
            }
        });
        var dead = Part("--dead", "The part of the nodes that is gone, between 0 and 1.");
        var hostile = Part("--hostile", "The part of the nodes that tells of accomplices only, between 0 and 1; lookups then go over disjoint paths.");
        var loss = Part("--loss", "The part of the datagrams that is lost, between 0 and 1.");
        var forged = new Option<bool>("--forged") { Description = "Hostile nodes tell of honest nodes' keys at their own addresses." };
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var command = new Command("dht", "Measures lookups of the DHT in a large network.") { nodes, dead, hostile, forged, loss, lookups, seed, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(dead) + result.GetValue(hostile) >= 1)
            {
                result.AddError("--dead and --hostile leave no honest node: let them be below 1 together.");
            }
        });
        command.SetAction(parsed => Run(
            new DhtRunOptions
            {
                Nodes = parsed.GetValue(nodes),
                Dead = parsed.GetValue(dead),
                Hostile = parsed.GetValue(hostile),
                AreIdsForged = parsed.GetValue(forged),
                Loss = parsed.GetValue(loss),
                Lookups = parsed.GetValue(lookups),
                Seed = parsed.GetValue(seed),
            },
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(DhtRunOptions options, bool json)
    {
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

    private static Option<double> Part(string name, string description)
    {
        var option = new Option<double>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and < 1))
            {
                result.AddError($"{name} takes a number from 0 to below 1.");
            }
        });
        return option;
    }
}
