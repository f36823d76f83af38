using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>
/// A failure as one HTML page that needs nothing else: what went wrong in a sentence, the steps that led there, a space-time
/// diagram (nodes as lines, messages as arrows, partitions as bands, crashes as gaps) and the log beside it.
/// </summary>
public static partial class DiagramPage
{
    /// <summary>A picture of more nodes shows nothing: 100.</summary>
    public const int MaximumNodes = 100;

    private const int MostLines = 3_000;

    /// <summary>Runs a failure and draws it.</summary>
    /// <exception cref="HiNetException">It is of a causal history, which has no network, or of more than <see cref="MaximumNodes"/> nodes.</exception>
    public static string Render(Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure.Scenario is null)
        {
            throw new HiNetException("A causal history has no network to draw: give the failure of a scenario.");
        }

        if (failure.Scenario.Nodes > MaximumNodes)
        {
            throw new HiNetException($"A diagram shows at most {MaximumNodes} nodes, and this failure has {failure.Scenario.Nodes:N0}: shrink it first.");
        }

        var explicitly = failure with { Scenario = ExplicitScenario.Of(failure.Scenario, failure.Seed) };
        var recording = new RunRecording();
        var report = FailureReplay.Run(explicitly, explicitly.Scenario, recording.Line, recording);
        return Render(explicitly, report, recording);
    }

    internal static string Render(Failure failure, RunReport report, RunRecording recording)
    {
        var problem = Wording.WithoutIds(Suffix().Replace(report.Problem ?? string.Empty, string.Empty), recording.Names);
        int[] involved = [.. NodeName().Matches(problem).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Where(node => node < failure.Scenario!.Nodes).Distinct()];
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <title>{Html($"{report.Invariant ?? report.Result.ToString()}: {failure.Name}, seed {failure.Seed}")}</title>
            <style>
            {Resource("page.css")}
            </style>
            </head>
            <body>
            {Header(failure, report, problem)}
            <main>
            <section class="pictures">
            {Story(failure, report, recording, problem)}
            <div class="bar">
              <h2 id="window-title">Close-up</h2>
              <span class="buttons"><button type="button" id="earlier" title="Earlier">&larr;</button><button type="button" id="later" title="Later">&rarr;</button><button type="button" id="in" title="Closer">+</button><button type="button" id="out" title="Wider">&minus;</button><button type="button" id="moment">The failure</button><button type="button" id="whole">Whole run</button></span>
            </div>
            <svg id="detail" role="img" aria-label="Space-time diagram: one line for each node, time from left to right, messages as arrows"></svg>
            <div id="overview-box"><h2>The whole run <small>drag over a stretch to look at it closely</small></h2>
            <svg id="overview" role="img" aria-label="The whole run in small"></svg></div>
            {Legend()}
            {MissingEntries.Table(recording, report, problem, involved)}
            <noscript><p>The diagram is drawn by the script in this page. The sentence above and the log do without it.</p></noscript>
            </section>
            <aside>
            <h2>Log <small>point at a line to find it in the diagram</small></h2>
            {Log(recording, report, problem)}
            </aside>
            </main>
            <div id="tip" hidden></div>
            <script type="application/json" id="data">{new DiagramData(failure, report, recording).Write(involved)}</script>
            <script>
            {Resource("page.js")}
            </script>
            </body>
            </html>

            """;
    }

    private static string Header(Failure failure, RunReport report, string problem)
    {
        var isShown = failure.IsShownBy(report);
        var what = report.Result == SimulationResult.Pass ? "Nothing goes wrong in this run any more." : InvariantText.What(report.Invariant, report.Result);
        var was = isShown ? string.Empty
            : $"<p class=\"was\">The file tells of another failure, which does not happen in this build: {Html(InvariantText.What(failure.Invariant, failure.Result))}</p>";
        string[] facts =
        [
            Fact("When", Seconds(report.VirtualTime) + " s into the run"),
            Fact("Broken", report.Invariant ?? "none"),
            Fact("Kind", report.Result.ToString().ToLowerInvariant()),
            Fact("Scenario", failure.Name),
            Fact("Seed", failure.Seed.ToString(CultureInfo.InvariantCulture)),
            Fact("Build", $"{BuildVersion.Product}{(BuildVersion.Commit is { } commit ? " " + commit[..Math.Min(10, commit.Length)] : string.Empty)}"),
            failure.Planted is { } planted ? Fact("Planted bug", planted) : string.Empty,
        ];
        return $"""
            <header class="{(report.Result == SimulationResult.Pass ? "pass" : "fail")}">
            <h1>{Html(what)}</h1>
            {was}<p class="seen">{Html(problem)}</p>
            <p class="why">{Html(InvariantText.Why(report.Invariant))}</p>
            <ul class="facts">{string.Concat(facts)}</ul>
            </header>
            """;
    }

    private static string Fact(string name, string value) => $"<li><b>{Html(name)}</b> {Html(value)}</li>";

    private static string Story(Failure failure, RunReport report, RunRecording recording, string problem)
    {
        var (steps, left) = Diagrams.Story.Of(failure.Scenario!, report, recording);
        var text = new StringBuilder("<h2>What led there</h2>\n<ol class=\"story\">\n");
        if (left > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"<li class=\"left\">{left:N0} other steps are left out here; the diagram has them.</li>\n");
        }

        foreach (var (at, node, what) in steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"<li><time>{at:0.000} s</time> {Who(node)} {Html(what)}</li>\n");
        }

        if (report.Problem is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"<li class=\"end\"><time>{report.VirtualTime.TotalSeconds:0.000} s</time> <span>{Html(problem)}</span></li>\n");
        }

        return text.Append("</ol>").ToString();
    }

    private static string Legend() => """
        <ul class="legend">
        <li><svg viewBox="0 0 34 14"><line x1="1" y1="7" x2="33" y2="7" class="life c0"/></svg>a node, up</li>
        <li><svg viewBox="0 0 34 14"><line x1="1" y1="7" x2="33" y2="7" class="dead"/></svg>down</li>
        <li><svg viewBox="0 0 34 14"><circle cx="17" cy="7" r="4.5" class="dot f0"/></svg>writes an entry</li>
        <li><svg viewBox="0 0 34 14"><path d="M2 2 26 11" class="carry c0"/><circle cx="29" cy="11" r="3" class="ring c0"/></svg>the entry reaches another disk</li>
        <li><svg viewBox="0 0 34 14"><path d="M2 3 31 11" class="piece"/></svg>bytes on a link</li>
        <li><svg viewBox="0 0 34 14"><path d="M2 2 22 9" class="piece lost"/></svg>never arrives</li>
        <li><svg viewBox="0 0 34 14"><rect x="1" y="1" width="32" height="12" class="band g0"/></svg>network apart, one colour a side</li>
        <li><svg viewBox="0 0 34 14"><line x1="17" y1="0" x2="17" y2="14" class="failure"/></svg>the failure</li>
        </ul>
        """;

    private static string Log(RunRecording recording, RunReport report, string problem)
    {
        var text = new StringBuilder("<ol id=\"log\">\n");
        var left = recording.Log.Count - MostLines;
        if (left > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"<li class=\"left\">{left:N0} earlier lines are left out; hinet-sim replay --log shows them.</li>\n");
        }

        foreach (var (at, node, line) in recording.Log.Skip(Math.Max(0, left)))
        {
            var what = Wording.Of(line, recording.Names);
            text.Append(CultureInfo.InvariantCulture, $"<li data-t=\"{at / 1_000_000d:0.000000}\" data-n=\"{node}\"><time>{at / 1_000_000d:0.000}</time>{Who(node)}<span>{Html(what)}</span></li>\n");
        }

        if (report.Problem is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"<li class=\"end\" data-t=\"{report.VirtualTime.TotalSeconds:0.000000}\" data-n=\"-1\"><time>{report.VirtualTime.TotalSeconds:0.000}</time><b>{Html(report.Invariant ?? "failure")}</b><span>{Html(problem)}</span></li>\n");
        }

        return text.Append("</ol>").ToString();
    }

    private static string Who(int node) => node < 0 ? "<b class=\"who\">network</b>" : $"<b class=\"who n{node % 8}\">node {node}</b>";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000###", CultureInfo.InvariantCulture);

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(DiagramPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    // The invariant's id in front, and seed and time behind, stand elsewhere on the page.
    [GeneratedRegex(@"^\[[\w-]+\] | \(seed \d+, at [\d.]+ virtual seconds\)$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\bnodes? (\d{1,4})\b")]
    private static partial Regex NodeName();
}
