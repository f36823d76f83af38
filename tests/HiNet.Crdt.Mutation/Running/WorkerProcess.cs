using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace HiNet.Crdt.Mutation.Running;

/// <summary>A worker as the process that started it sees it: asked one thing at a time, ended when it no longer answers, started anew when needed.</summary>
internal sealed class WorkerProcess(string folder, bool records) : IDisposable
{
    // A mutant that allocates without end fails rather than taking the machine's memory: 2 GiB, in the runtime's hexadecimal.
    private const string HeapLimit = "80000000";

    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(5);

    private Process? _process;
    private BlockingCollection<string>? _lines;

    /// <summary>The names of all unit tests.</summary>
    public IReadOnlyList<string> Tests { get; private set; } = [];

    /// <summary>How often a process had to be started.</summary>
    public int Starts { get; private set; }

    /// <summary>Starts the process if none is running.</summary>
    /// <exception cref="InvalidOperationException">It ended before it was ready.</exception>
    public void Start()
    {
        if (_process is not null)
        {
            return;
        }

        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        }

        start.ArgumentList.Add("worker");
        start.ArgumentList.Add(folder);
        start.Environment["HINET_MUTATION_RECORDS"] = records ? "1" : "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment.TryAdd("DOTNET_GCgen0size", "0x4000000");
        start.Environment.TryAdd("DOTNET_TieredPGO", "0");
        var process = Process.Start(start)!;
        var lines = new BlockingCollection<string>();
        var errors = new StringWriter();
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
        process.BeginErrorReadLine();
        new Thread(() => Read(process, lines)) { IsBackground = true }.Start();
        (_process, _lines) = (process, lines);
        Starts++;
        if (Next(s_start) is not { } names)
        {
            End();
            throw new InvalidOperationException($"A worker did not start: {errors}");
        }

        Tests = JsonSerializer.Deserialize<List<string>>(names)!;
    }

    /// <summary>Runs checks with a mutant on. The reply's <see cref="Reply.RanOut"/> is true also when the process had to be ended or ended itself.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="patience">How long one check may take.</param>
    public Reply Ask(Request request, Func<string, TimeSpan> patience)
    {
        Start();
        string? running = null;
        try
        {
            _process!.StandardInput.WriteLine(JsonSerializer.Serialize(request));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            End();
            return new Reply(null, request.Checks[0], "the process ended", RanOut: true);
        }

        while (Next(running is null ? TimeSpan.FromMinutes(1) : patience(running)) is { } line)
        {
            var reply = JsonSerializer.Deserialize<Reply>(line)!;
            if (reply.Began is null)
            {
                return reply;
            }

            running = reply.Began;
        }

        var problem = _lines!.IsCompleted ? "the process ended" : "no end in sight";
        End();
        return new Reply(null, running ?? request.Checks[0], problem, RanOut: true);
    }

    /// <summary>Ends the process; the next question starts another.</summary>
    public void End()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    public void Dispose() => End();

    private static void Keep(StringWriter errors, string? line)
    {
        if (line is not null && errors.GetStringBuilder().Length < 4_000)
        {
            errors.WriteLine(line);
        }
    }

    private static void Read(Process process, BlockingCollection<string> lines)
    {
        try
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                lines.Add(line);
            }
        }
        catch (InvalidOperationException)
        {
            // The process was given up in the meantime.
        }

        lines.CompleteAdding();
    }

    private string? Next(TimeSpan patience) => _lines!.TryTake(out var line, patience) ? line : null;
}
