using System.Globalization;
using System.Text.RegularExpressions;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>What happens in a run, in words for someone who does not know the code.</summary>
internal static partial class Wording
{
    public static string Of(Operation operation) => operation.Times == 1 ? Once(operation) : string.Create(CultureInfo.InvariantCulture, $"{Once(operation)}, {operation.Times:N0} times at once");

    private static string Once(Operation operation) => operation.Do switch
    {
        OperationKind.Meet => $"becomes a contact of node {operation.Member}",
        OperationKind.Direct => $"opens a direct conversation with node {operation.Member}",
        OperationKind.Group => operation.Members.Count == 0 ? "creates a group of its own" : $"creates a group with {Nodes(operation.Members)}",
        OperationKind.Send => operation.Text is null ? "writes a message" : $"writes \"{Shortened(operation.Text)}\"",
        OperationKind.Reply => "answers a message",
        OperationKind.Edit => "edits a message",
        OperationKind.Delete => "deletes a message",
        OperationKind.React => "reacts to a message",
        OperationKind.Read => "marks messages as read",
        OperationKind.Add => $"adds node {operation.Member} to a group",
        OperationKind.Leave => "leaves a group",
        OperationKind.Invite => $"makes invite {operation.Invite} for {(operation.Uses == 1 ? "one person" : $"{operation.Uses} people")}",
        OperationKind.Accept => $"accepts invite {operation.Invite}",
        OperationKind.Offline => "goes offline",
        OperationKind.Online => "comes back online",
        _ => "does " + operation.Do.ToString().ToLowerInvariant(),
    };

    public static string Of(Fault fault) => fault.Kind switch
    {
        FaultKind.Partition => "parts: " + string.Join(" | ", fault.Groups.Select(group => string.Join(" ", group))),
        FaultKind.Heal => "heals",
        FaultKind.Crash when fault.Effect is { } effect => $"is to crash before it finishes what it does next (step {effect})",
        FaultKind.Crash => "is made to crash",
        FaultKind.PowerLoss => "loses power",
        FaultKind.Restart => "is to start again",
        FaultKind.Cut => $"cannot reach node {fault.To} any more",
        FaultKind.Clog => $"reaches node {fault.To} only after ten seconds",
        FaultKind.Pause => "freezes",
        FaultKind.Resume => "goes on after freezing",
        FaultKind.StepClock => string.Create(CultureInfo.InvariantCulture, $"has its clock set {(fault.By < TimeSpan.Zero ? "back" : "forward")} by {fault.By.Duration().TotalSeconds:0.###} s"),
        FaultKind.DiskFull => "has a full disk",
        FaultKind.ReadError => "has a disk that cannot be read",
        FaultKind.Suspend => fault.ClockStops ? "goes to sleep, and its monotonic clock stops" : "goes to sleep",
        FaultKind.Wake => "wakes up",
        FaultKind.Backup => "has its home copied",
        FaultKind.Restore => "goes on from the copy of its home",
        FaultKind.Copy => "gets a twin that runs from a copy of its home",
        FaultKind.EndCopy => "is alone again: its twin stops",
        _ => fault.Kind.ToString(),
    };

    /// <summary>Who a fault befalls; -1 for the network.</summary>
    public static int NodeOf(Fault fault) => fault.Kind is FaultKind.Partition or FaultKind.Heal ? -1 : fault.Node;

    /// <summary>Ids as the nodes that they belong to, or their first digits.</summary>
    public static string WithoutIds(string text, IReadOnlyDictionary<string, string> names) =>
        Doubled().Replace(LongId().Replace(text, id => names.GetValueOrDefault(id.Value) ?? id.Value[..8] + "…"), string.Empty);

    /// <summary>A line of the log; what the engine announces is turned into words where it is common.</summary>
    public static string Of(string line, IReadOnlyDictionary<string, string> names)
    {
        var text = WithoutIds(Stamp().Replace(line, string.Empty), names);
        if (text.StartsWith("the network ", StringComparison.Ordinal))
        {
            return text["the network ".Length..];
        }

        return Announced().Match(text) is not { Success: true } match ? text : (match.Groups[1].Value, Fields(match.Groups[2].Value)) switch
        {
            ("PeerConnected", var fields) => $"is linked with {fields("Node")}",
            ("PeerDisconnected", var fields) => $"has lost its link with {fields("Node")} ({fields("Reason")})",
            ("ContactAdded", var fields) => $"knows {fields("Id")} as a contact",
            ("ContactMet", var fields) => $"has met {fields("Id")}",
            ("ConversationAdded", var fields) => $"has {Named(fields("Conversation"))} ({fields("Kind").ToLowerInvariant()}{(fields("Name") is { Length: > 0 } name ? $" \"{name}\"" : string.Empty)})",
            _ => text,
        };
    }

    public static string Nodes(IReadOnlyList<int> nodes) =>
        nodes.Count == 1 ? $"node {nodes[0]}" : $"nodes {string.Join(", ", nodes.Take(nodes.Count - 1))} and {nodes[^1]}";

    private static string Named(string conversation) =>
        conversation.StartsWith("conversation ", StringComparison.Ordinal) ? conversation : "the conversation " + conversation;

    private static Func<string, string> Fields(string record) =>
        name => Regex.Match(record, $@"\b{name} = ((?:[^,{{}}]|,(?! \w+ = ))*)").Groups[1].Value.Trim();

    private static string Shortened(string text) => text.Length <= 28 ? text : text[..27] + "…";

    // A sentence that says "message" in front of an id has the word twice when the id is a message's name.
    [GeneratedRegex(@"\b(\w+) (?=\1 \d)")]
    private static partial Regex Doubled();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex LongId();

    [GeneratedRegex(@"Time = [^,}]*, ")]
    private static partial Regex Stamp();

    [GeneratedRegex(@"^(\w+) \{ (.*) \}$")]
    private static partial Regex Announced();
}
