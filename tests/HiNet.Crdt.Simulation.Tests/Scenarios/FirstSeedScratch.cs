using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Workload;

namespace HiNet.Crdt.Simulation.Tests.Scenarios;

public sealed class FirstSeedScratch
{
    [Fact]
    public void Find()
    {
        var from = int.Parse(Environment.GetEnvironmentVariable("FS_FROM") ?? "1");
        var to = int.Parse(Environment.GetEnvironmentVariable("FS_TO") ?? "300");
        var only = (Environment.GetEnvironmentVariable("FS_ONLY") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var kinds = Enum.GetValues<Canary>().Where(c => c != Canary.None && (only.Length == 0 || only.Contains(c.ToString()))).ToList();
        Parallel.ForEach(kinds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, canary =>
        {
            for (var seed = (ulong)from; seed <= (ulong)to; seed++)
            {
                var report = ScenarioRunner.Run(SwarmGenerator.Generate(seed), seed, "swarm", EngineProgram.Instance, canary);
                if (report.Invariant is not null)
                {
                    lock (kinds) { File.AppendAllText("/tmp/firstseed/out.txt", $"{canary} {seed} {report.Invariant}\n"); }
                    return;
                }
            }

            lock (kinds) { File.AppendAllText("/tmp/firstseed/out.txt", $"{canary} none\n"); }
        });
    }
}
