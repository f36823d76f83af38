using System.CommandLine;
using System.Globalization;
using System.Text;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;
using Spectre.Console;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>dht stats</c>, <c>dht get</c>, <c>dht put</c>: the DHT as the running node sees it.</summary>
internal static class DhtVerb
{
    public static Command Define(CliApplication application)
    {
        var key = new Argument<string>("KEY") { Description = "64 hex digits, or any other text, which is hashed." };
        var text = new Argument<string>("TEXT") { Description = "1 to 900 bytes of text; everybody can read it, for 24 hours." };
        var stats = application.Verb("stats", "Print how the running node is doing in the DHT.", StatsAsync);
        var get = application.Verb(
            "get",
            "List what is stored at a key.",
            (context, cancellationToken) => GetAsync(context, Key(context.Value(key)), cancellationToken),
            key);
        var put = application.Verb(
            "put",
            "Store a text at a key, in place of what this device stored there before.",
            (context, cancellationToken) => PutAsync(context, Key(context.Value(key)), Text(context.Value(text)), cancellationToken),
            key, text);
        return new Command("dht", "Look into the distributed hash table, through the running node.") { stats, get, put };
    }

    private static async Task<int> StatsAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var client = await context.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = client.ConfigureAwait(false);
        var stats = await client.GetDhtStatsAsync(cancellationToken).ConfigureAwait(false);
        context.Print(stats, LocalApiJson.Shared.DhtStatsInfo, Describe);
        return 0;
    }

    private static async Task<int> GetAsync(VerbContext context, string key, CancellationToken cancellationToken)
    {
        var client = await context.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = client.ConfigureAwait(false);
        var found = await client.GetDhtSlotsAsync(key, cancellationToken).ConfigureAwait(false);
        context.Print(found, LocalApiJson.Shared.DhtFoundInfo, Describe);
        return 0;
    }

    private static async Task<int> PutAsync(VerbContext context, string key, string text, CancellationToken cancellationToken)
    {
        var client = await context.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = client.ConfigureAwait(false);
        var put = await client.PutDhtTextAsync(key, text, cancellationToken).ConfigureAwait(false);
        if (put.Holders > 0 || put.HeldHere)
        {
            context.Print(put, LocalApiJson.Shared.DhtPutInfo, Describe);
            return 0;
        }

        throw new HiNetException(put.Refusal is null
            ? "Nothing was stored, because no node of the DHT answered; see 'hinet dht stats'."
            : $"Nothing was stored, because {Count(put.Refused, "node")} refused it ({put.Refusal}); try again in a while.");
    }

    private static string Key(string key) => key.Length > 0 ? key : throw new UsageException("A key is 64 hex digits, or a text of at least one character.");

    private static string Text(string text) => Encoding.UTF8.GetByteCount(text) is > 0 and <= PublicSlot.MaxTextBytes
        ? text
        : throw new UsageException($"A text in the DHT has 1 to {PublicSlot.MaxTextBytes} bytes of UTF-8.");

    private static string Describe(DhtStatsInfo stats) => string.Join('\n', new[]
    {
        $"contacts   {stats.Contacts}, {Count(stats.Depth, "level")} deep",
        $"kept       {Count(stats.Slots, "slot")} for others, {stats.Published} of one's own kept up",
        $"under way  {Count(stats.Operations, "operation")}, {Count(stats.Queries, "query", "queries")}, each waiting for {stats.TimeoutMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        $"keys       {stats.Pairs} shared with other nodes",
        $"seen at    {People.Text(stats.Observed ?? "nobody said so far")}",
    });

    private static string Describe(DhtFoundInfo found)
    {
        var lines = found.Slots.Select(slot => string.Create(
            CultureInfo.InvariantCulture,
            $"{People.Dim(People.Short(slot.Writer))} {slot.Sequence} {People.Dim($"until {slot.Expires:yyyy-MM-dd HH:mm} UTC")} {Content(slot)}"));
        return string.Join('\n', lines.Append(
            $"{Count(found.Slots.Count, "slot")} at {People.Dim(found.Target)}, with {Count(found.Holders, "node")}; {Cost(found.Hops, found.Rpcs, found.Milliseconds)}"));
    }

    private static string Describe(DhtPutInfo put)
    {
        var here = put.HeldHere ? " and here" : string.Empty;
        var refused = put.Refused > 0 ? $", refused by {put.Refused} ({People.Text(put.Refusal ?? "no reason")})" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"stored at {People.Dim(put.Target)} with {Count(put.Holders, "node")}{here}{refused} until {put.Expires:yyyy-MM-dd HH:mm} UTC; {Cost(put.Hops, put.Rpcs, put.Milliseconds)}");
    }

    private static string Content(DhtSlotInfo slot) => slot.Text is { } text
        ? Markup.Escape(TerminalText.CleanLines(text)).Replace("\n", "\n    ", StringComparison.Ordinal)
        : People.Dim($"{slot.Size} bytes, sealed or no text");

    private static string Cost(int hops, int rpcs, double milliseconds) => string.Create(
        CultureInfo.InvariantCulture, $"{Count(hops, "hop")}, {Count(rpcs, "query", "queries")}, {milliseconds:0} ms");

    private static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}
