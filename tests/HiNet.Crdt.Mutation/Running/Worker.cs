using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.Json;

namespace HiNet.Crdt.Mutation.Running;

/// <summary>
/// A process that holds the instrumented copy, the unit tests and the simulator, and runs them with one mutant after the other. What
/// is static is set up before the first mutant is on, so that no mutant is built into it.
/// </summary>
internal sealed class Worker
{
    private const int LongestProblem = 300;

    // Deep recursion of a mutant should end soon, that of a test has to fit.
    private const int StackSize = 16 * 1024 * 1024;

    private readonly Dictionary<string, Action> _checks = new(StringComparer.Ordinal);
    private readonly Func<ulong, object> _runSeed;
    private readonly FieldInfo _active;
    private readonly FieldInfo _steps;
    private readonly FieldInfo _stepLimit;
    private readonly byte[]? _reached;
    private readonly TextWriter _output;

    private Worker(string folder, TextWriter output)
    {
        _output = output;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        var core = Load(folder, "HiNet.Crdt.Core");
        var tests = Load(folder, "HiNet.Crdt.Core.Tests");
        var simulation = Load(folder, "HiNet.Crdt.Simulation");
        foreach (var type in new[] { core, simulation, tests }.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.ContainsGenericParameters))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        var mutantSwitch = core.GetType(Mutants.Switch.TypeName, throwOnError: true)!;
        _active = mutantSwitch.GetField("Active")!;
        _steps = mutantSwitch.GetField("Steps")!;
        _stepLimit = mutantSwitch.GetField("StepLimit")!;
        _reached = (bool)mutantSwitch.GetField("Recording")!.GetValue(null)! ? (byte[])mutantSwitch.GetField("Reached")!.GetValue(null)! : null;
        _runSeed = SeedCase.Runner(simulation);
        foreach (var test in TestCase.Of(tests))
        {
            _checks[test.Name] = test.Run;
        }
    }

    /// <summary>The names of all tests, a line each; then a line of JSON for each request and reply, until the input ends.</summary>
    public static int Serve(string folder)
    {
        // What tests print must not come between the replies.
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        var worker = new Worker(folder, output);
        output.WriteLine(JsonSerializer.Serialize(worker._checks.Keys.Order(StringComparer.Ordinal)));
        output.Flush();
        while (Console.In.ReadLine() is { } line)
        {
            worker.Answer(JsonSerializer.Deserialize<Request>(line)!);
        }

        return 0;
    }

    private static Assembly Load(string folder, string name) => AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, name + ".dll"));

    private void Answer(Request request)
    {
        var before = Environment.CpuUsage.TotalTime;
        string? failedAt = null;
        Exception? failure = null;
        for (var i = 0; i < request.Checks.Count && failedAt is null; i++)
        {
            var check = request.Checks[i];
            Say(new Reply(check));
            failure = Run(request.Mutant, check, request.StepLimits[i]);
            failedAt = failure is null ? null : check;
        }

        var steps = (long)_steps.GetValue(null)!;
        var ranOut = failure is not null && steps > request.StepLimits[request.Checks.Count == 0 ? 0 : request.Checks.ToList().IndexOf(failedAt!)];
        var problem = failure is null ? null : $"{failure.GetType().Name}: {failure.Message}";
        Say(new Reply(
            null, failedAt, problem is { Length: > LongestProblem } ? problem[..LongestProblem] : problem, ranOut, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds, steps, _reached?.ToArray()));
    }

    private Exception? Run(int mutant, string check, long stepLimit)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = RunHere(check), StackSize);
        _reached?.AsSpan().Clear();
        _steps.SetValue(null, 0L);
        _stepLimit.SetValue(null, stepLimit);
        _active.SetValue(null, mutant);
        thread.Start();
        thread.Join();
        _active.SetValue(null, 0);
        _stepLimit.SetValue(null, long.MaxValue);
        return failure;
    }

    private Exception? RunHere(string check)
    {
        try
        {
            if (check.StartsWith(SeedCase.Prefix, StringComparison.Ordinal))
            {
                new SeedCase(_runSeed, ulong.Parse(check.AsSpan(SeedCase.Prefix.Length), System.Globalization.CultureInfo.InvariantCulture)).Run();
            }
            else
            {
                _checks[check]();
            }

            return null;
        }
#pragma warning disable CA1031 // Whatever a check throws is its failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure;
        }
    }

    private void Say(Reply reply)
    {
        _output.WriteLine(JsonSerializer.Serialize(reply));
        _output.Flush();
    }
}
