namespace HiNet.Crdt.Simulation.Scenarios;

public static partial class ScenarioReader
{
    private const string Faults = "one of partition, heal, crash, powerLoss, restart, cut, clog, pause, resume, stepClock, diskFull, readError, suspend, wake, backup, restore, copy, endCopy";

    private const long LongestStep = 3_155_760_000_000;

    private static Fault ReadFault(JsonValue value, int nodes)
    {
        var reader = new ObjectReader(value);
        var at = ObjectReader.Time(reader.Require("at", "a time such as \"10s\""));
        List<Fault> found = [];
        if (reader.Find("partition") is { } partition)
        {
            found.Add(new Fault { At = at, Kind = FaultKind.Partition, Groups = ReadGroups(partition, nodes) });
        }

        if (reader.Find("heal") is { } heal)
        {
            ObjectReader.True(heal);
            found.Add(new Fault { At = at, Kind = FaultKind.Heal });
        }

        AddNodeFault(reader, found, "crash", FaultKind.Crash, at, nodes);
        if (reader.Find("effect") is { } effect)
        {
            var number = (int)ObjectReader.Whole(effect, 0, 10_000, "the number of an effect from 0 to 10,000, beside crash");
            if (found is not [{ Kind: FaultKind.Crash }])
            {
                throw effect.Problem("there is no crash beside it", "effect only beside crash");
            }

            found[0] = found[0] with { Effect = number };
        }

        AddNodeFault(reader, found, "powerLoss", FaultKind.PowerLoss, at, nodes);
        AddNodeFault(reader, found, "restart", FaultKind.Restart, at, nodes);
        AddPairFault(reader, found, "cut", FaultKind.Cut, at, nodes);
        AddPairFault(reader, found, "clog", FaultKind.Clog, at, nodes);
        AddNodeFault(reader, found, "pause", FaultKind.Pause, at, nodes);
        AddNodeFault(reader, found, "resume", FaultKind.Resume, at, nodes);
        if (reader.Find("stepClock") is { } step)
        {
            var fields = new ObjectReader(step);
            found.Add(new Fault
            {
                At = at,
                Kind = FaultKind.StepClock,
                Node = ObjectReader.Node(fields.Require("node", "a node"), nodes),
                By = TimeSpan.FromMilliseconds(ObjectReader.Whole(
                    fields.Require("ms", "milliseconds, also negative ones"), -LongestStep, LongestStep, "milliseconds from -3,155,760,000,000 to 3,155,760,000,000, which are a hundred years")),
            });
            fields.End();
        }

        AddNodeFault(reader, found, "diskFull", FaultKind.DiskFull, at, nodes);
        AddNodeFault(reader, found, "readError", FaultKind.ReadError, at, nodes);
        AddNodeFault(reader, found, "suspend", FaultKind.Suspend, at, nodes);
        if (reader.Find("clockStops") is { } stops)
        {
            ObjectReader.True(stops);
            if (found is not [{ Kind: FaultKind.Suspend }])
            {
                throw stops.Problem("there is no suspend beside it", "clockStops only beside suspend");
            }

            found[0] = found[0] with { ClockStops = true };
        }

        AddNodeFault(reader, found, "wake", FaultKind.Wake, at, nodes);
        AddNodeFault(reader, found, "backup", FaultKind.Backup, at, nodes);
        AddNodeFault(reader, found, "restore", FaultKind.Restore, at, nodes);
        AddNodeFault(reader, found, "copy", FaultKind.Copy, at, nodes);
        AddNodeFault(reader, found, "endCopy", FaultKind.EndCopy, at, nodes);
        reader.End();
        return found.Count == 1 ? found[0] : throw value.Problem($"these are {found.Count} faults at once", Faults);
    }

    private static List<IReadOnlyList<int>> ReadGroups(JsonValue value, int nodes)
    {
        const string Allowed = "an array of arrays of nodes, each node once at most";
        List<IReadOnlyList<int>> groups = [];
        HashSet<int> seen = [];
        foreach (var group in ObjectReader.Array(value, Allowed))
        {
            List<int> members = [];
            foreach (var member in ObjectReader.Array(group, Allowed))
            {
                var node = ObjectReader.Node(member, nodes);
                if (!seen.Add(node))
                {
                    throw member.Problem($"node {node} is in two groups", Allowed);
                }

                members.Add(node);
            }

            groups.Add(members);
        }

        return groups;
    }

    private static void AddNodeFault(ObjectReader reader, List<Fault> found, string name, FaultKind kind, TimeSpan at, int nodes)
    {
        if (reader.Find(name) is { } node)
        {
            found.Add(new Fault { At = at, Kind = kind, Node = ObjectReader.Node(node, nodes) });
        }
    }

    private static void AddPairFault(ObjectReader reader, List<Fault> found, string name, FaultKind kind, TimeSpan at, int nodes)
    {
        if (reader.Find(name) is { } pair)
        {
            var fields = new ObjectReader(pair);
            found.Add(new Fault
            {
                At = at,
                Kind = kind,
                Node = ObjectReader.Node(fields.Require("from", "a node"), nodes),
                To = ObjectReader.Node(fields.Require("to", "a node"), nodes),
            });
            fields.End();
        }
    }
}
