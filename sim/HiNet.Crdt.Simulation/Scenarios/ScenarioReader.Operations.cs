using System.Globalization;
using System.Text.Json;

namespace HiNet.Crdt.Simulation.Scenarios;

public static partial class ScenarioReader
{
    private const int MostBytes = 1_000_000;
    private const int MostTimes = 10_000;

    private static readonly string s_operations =
        "one of " + string.Join(", ", Enum.GetValues<OperationKind>().Select(kind => kind.ToString().ToLowerInvariant()));

    private static Operation ReadOperation(JsonValue value, int nodes, int index)
    {
        var reader = new ObjectReader(value);
        var at = ObjectReader.Time(reader.Require("at", "a time such as \"10s\""));
        var node = ObjectReader.Node(reader.Require("node", "a node"), nodes);
        var name = reader.Require("do", s_operations);
        var text = ObjectReader.String(name, s_operations);
        if (text == "remove")
        {
            throw name.Problem("removing a member is not in this version", s_operations);
        }

        if (!Enum.TryParse<OperationKind>(text, ignoreCase: true, out var kind) || !string.Equals(kind.ToString(), text, StringComparison.OrdinalIgnoreCase))
        {
            throw name.Problem($"\"{text}\" is no operation of this version", s_operations);
        }

        var member = reader.Find("member") is { } other ? ObjectReader.Node(other, nodes) : (int?)null;
        if (member is null && kind is OperationKind.Meet or OperationKind.Direct or OperationKind.Add)
        {
            throw value.Problem("the field \"member\" is missing", $"a node from 0 to {nodes - 1}");
        }

        var operation = new Operation
        {
            At = at,
            Node = node,
            Do = kind,
            Member = member ?? 0,
            Members = reader.Find("members") is { } members
                ? [.. ObjectReader.Array(members, "an array of nodes").Select(item => ObjectReader.Node(item, nodes))]
                : [],
            Conversation = reader.Find("conversation") is { } conversation
                ? (int)ObjectReader.Whole(conversation, 0, 9_999, "the number of a conversation from 0 to 9,999") : 0,
            Text = reader.Find("text") is { } written ? ObjectReader.String(written, "a text") : null,
            Bytes = reader.Find("bytes") is { } bytes
                ? (int)ObjectReader.Whole(bytes, 0, MostBytes, "bytes of UTF-8 from 0 to 1,000,000") : null,
            Times = reader.Find("times") is { } times ? (int)ObjectReader.Whole(times, 1, MostTimes, "how often, from 1 to 10,000") : 1,
            Invite = reader.Find("invite") is { } invite
                ? (int)ObjectReader.Whole(invite, 0, 9_999, "the number of an invite from 0 to 9,999") : 0,
            Uses = reader.Find("uses") is { } uses ? (int)ObjectReader.Whole(uses, 0, MostTimes, "how many people an invite is for, up to 10,000") : 1,
            IsAfterwards = reader.Find("afterwards") is { } afterwards && IsTrue(afterwards),
            Pick = reader.Find("pick") is { } pick ? ReadPick(pick) : (ulong)index,
            IsDrawn = reader.Find("drawn") is { } drawn && IsTrue(drawn),
        };
        reader.End();
        return operation;
    }

    private static ulong ReadPick(JsonValue value) =>
        value.Type == JsonTokenType.Number && ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var pick)
            ? pick
            : throw value.Problem(ObjectReader.Quote(value) + " does not fit", "a whole number from 0 to 18,446,744,073,709,551,615");
}
