using System.Diagnostics;

namespace HiNet.Crdt.Attack.Processes;

/// <summary>This assembly as a process of its own, with a verb. The two talk in lines; the child ends when its standard input does.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _verb;
    private readonly Process _process;
    private readonly Action<string> _said;
    private readonly Dictionary<string, TaskCompletionSource<string>> _awaited = [];
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private bool _hasEnded;

    /// <param name="verb">What the process is to be.</param>
    /// <param name="arguments">What its work needs to know.</param>
    /// <param name="said">Takes each line.</param>
    public Child(string verb, IReadOnlyList<string> arguments, Action<string> said)
    {
        _verb = verb;
        _said = said;
        var start = new ProcessStartInfo(DotNet(), [typeof(Child).Assembly.Location, verb, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _reading = ReadAsync();
    }

    public bool HasEnded => _process.HasExited;

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The rest of the first line that begins with a word, whether it was said before or is still to come.</summary>
    /// <exception cref="InvalidOperationException">The process ended before it said that.</exception>
    public async Task<string> HearAsync(string word, TimeSpan? patience = null)
    {
        try
        {
            return await Await(word).Task.WaitAsync(patience ?? Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process '{_verb}' did not say '{word}' within {(patience ?? Patience).TotalSeconds:0} s.");
        }
    }

    /// <summary>Closes the child's input and waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private TaskCompletionSource<string> Await(string word)
    {
        lock (_gate)
        {
            if (!_awaited.TryGetValue(word, out var heard))
            {
                _awaited[word] = heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_hasEnded)
                {
                    heard.SetException(Ended());
                }
            }

            return heard;
        }
    }

    private InvalidOperationException Ended() => new($"The process '{_verb}' has ended.");

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ', 2);
            Await(parts[0]).TrySetResult(parts.Length > 1 ? parts[1] : "");
            _said(line);
        }

        lock (_gate)
        {
            _hasEnded = true;
            foreach (var heard in _awaited.Values.Where(heard => !heard.Task.IsCompleted))
            {
                heard.TrySetException(Ended());
            }
        }
    }

    // The host that runs this: the SDK may lie anywhere, and need not be on the path.
    private static string DotNet() =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));
}
