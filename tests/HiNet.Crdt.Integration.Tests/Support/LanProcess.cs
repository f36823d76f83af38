using System.Diagnostics;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>A program that the test started: its lines as they come, and its end.</summary>
internal sealed class LanProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly List<string> _lines = [];

    internal LanProcess(string program, IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for a line that is like this.</summary>
    internal async Task<string> LineAsync(Predicate<string> isWanted, string what)
    {
        if (!await Until.IsTrueAsync(() => Lines.Any(line => isWanted(line)), s_patience * 2))
        {
            throw new TimeoutException($"Not said: {what}. Said:\n{string.Join('\n', Lines)}");
        }

        return Lines.First(line => isWanted(line));
    }

    /// <summary>Gives it a line on standard input.</summary>
    internal void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for its end.</summary>
    internal int ExitCode()
    {
        _process.WaitForExit(s_patience).ShouldBeTrue("the program does not end");
        return _process.ExitCode;
    }

    /// <summary>Ends standard input, upon which ours end by themselves.</summary>
    internal int Finish()
    {
        _process.StandardInput.Close();
        return ExitCode();
    }

    /// <summary>Ends it by its id, and only it.</summary>
    internal void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(s_patience);
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_lines)
        {
            if (line is not null && _lines.Count < 10_000)
            {
                _lines.Add(line);
            }
        }
    }
}
