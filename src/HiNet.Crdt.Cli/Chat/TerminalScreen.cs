using System.Threading.Channels;
using HiNet.Crdt.Cli.Output;
using Spectre.Console;

namespace HiNet.Crdt.Cli.Chat;

/// <summary>
/// A chat on a terminal. The line being typed is the last one on the screen, one row high; what is shown goes above it: the row
/// is erased, the text printed, the row drawn again. Nothing is addressed by position, so it works in any terminal and in tmux.
/// </summary>
internal sealed class TerminalScreen : IChatScreen
{
    private const string EraseRow = "\r\u001b[2K";

    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly TextWriter _out;
    private readonly LineEditor _editor = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private bool _started;

    public TerminalScreen(IAnsiConsole console, TextWriter output)
    {
        _console = console;
        _out = output;
    }

    public void Show(string markup)
    {
        lock (_gate)
        {
            _out.Write(EraseRow);
            _out.Flush();
            _console.Write(new HangingText(markup));
            Draw();
        }
    }

    public IAsyncEnumerable<string> ReadLinesAsync(CancellationToken cancellationToken)
    {
        if (!_started)
        {
            _started = true;

            // Reading a key cannot be cancelled; a background thread does not keep the process alive.
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
            lock (_gate)
            {
                Draw();
            }
        }

        return _lines.Reader.ReadAllAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _out.Write(EraseRow);
            _out.Flush();
        }
    }

    private void ReadKeys()
    {
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            lock (_gate)
            {
                switch (_editor.Apply(key))
                {
                    case LineEditorResult.Entered:
                        _out.Write(EraseRow);
                        _lines.Writer.TryWrite(_editor.TakeLine());
                        break;
                    case LineEditorResult.Left:
                        _lines.Writer.TryComplete();
                        return;
                }

                if (!Console.KeyAvailable)
                {
                    Draw();
                }
            }
        }
    }

    private void Draw()
    {
        var (text, cursor) = _editor.Window(Math.Max(10, Console.WindowWidth - 3));
        _out.Write($"{EraseRow}> {text}\r\u001b[{cursor + 2}C");
        _out.Flush();
    }
}
