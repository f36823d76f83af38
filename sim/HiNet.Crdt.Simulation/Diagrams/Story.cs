using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>The steps that led to a failure, in words: what people did and what went wrong, the newest ones if they are many.</summary>
internal static class Story
{
    private const int MostSteps = 13;
    private const int MostFaults = 8;

    public static (IReadOnlyList<(double At, int Node, string Text)> Steps, int LeftOut) Of(Scenario scenario, RunReport report, RunRecording recording)
    {
        var end = report.VirtualTime;
        List<Step> steps =
        [
            .. scenario.Adversaries.Select(adversary => new Step(0, adversary.Node, $"is hostile: {AdversaryNames.Of(adversary.Kind)}", true)),
            .. scenario.Operations
                .Where(operation => operation.At <= end && !recording.IsDown(operation.Node, operation.At.Ticks / TimeSpan.TicksPerMicrosecond))
                .Select(operation => new Step(operation.At.TotalSeconds, operation.Node, Wording.Of(operation), false)),

            // Crashes and starts are told of as they came.
            .. scenario.Faults.Where(fault => fault.At <= end && fault.Kind is not (FaultKind.Crash or FaultKind.PowerLoss or FaultKind.Restart))
                .Select(fault => new Step(fault.At.TotalSeconds, Wording.NodeOf(fault), Wording.Of(fault), true)),
            .. recording.Downs.Select(down => new Step(down.From / 1e6, down.Node, down.LosesPower ? "loses power" : "crashes", true)),
            .. recording.Starts.Where(start => start.At > 0).Select(start => new Step(start.At / 1e6, start.Node, "starts again from its disk", true)),
        ];
        if (scenario.Duration < end)
        {
            steps.Add(new Step(scenario.Duration.TotalSeconds, -1, "is mended, and nobody does anything any more: now all must come to agree", true));
        }

        List<Step> shown = [.. steps.OrderBy(step => step.At)];
        if (shown.Count > MostSteps)
        {
            // What went wrong tells more than the messages in between.
            Step[] faults = [.. shown.Where(step => step.IsFault && step.At == 0), .. shown.Where(step => step.IsFault && step.At > 0).TakeLast(MostFaults)];
            shown = [.. faults.Concat(shown.Where(step => !step.IsFault).TakeLast(Math.Max(4, MostSteps - faults.Length))).OrderBy(step => step.At)];
        }

        return ([.. shown.Select(step => (step.At, step.Node, step.Text))], steps.Count - shown.Count);
    }

    private sealed record Step(double At, int Node, string Text, bool IsFault);
}
