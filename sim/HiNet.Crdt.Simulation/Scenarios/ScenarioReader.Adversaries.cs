using HiNet.Crdt.Simulation.Adversaries;

namespace HiNet.Crdt.Simulation.Scenarios;

public static partial class ScenarioReader
{
    private static readonly string s_kinds = "one of " + string.Join(", ", AdversaryNames.All);

    private static List<Adversary> ReadAdversaries(JsonValue value, int nodes)
    {
        List<Adversary> adversaries = [];
        foreach (var item in ObjectReader.Array(value, "an array of adversaries"))
        {
            var reader = new ObjectReader(item);
            var at = reader.Require("node", "a node");
            var node = ObjectReader.Node(at, nodes);
            var name = reader.Require("kind", s_kinds);
            var text = ObjectReader.String(name, s_kinds);
            if (!AdversaryNames.TryParse(text, out var kind))
            {
                throw name.Problem($"\"{text}\" is no kind of adversary", s_kinds);
            }

            if (adversaries.Exists(other => other.Node == node))
            {
                throw at.Problem($"node {node} is an adversary already", "each node once at most");
            }

            reader.End();
            adversaries.Add(new Adversary(node, kind));
        }

        return adversaries;
    }
}
