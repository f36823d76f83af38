using System.Collections.Concurrent;
using System.Text;

namespace Examples;

/// <summary>A console and a current folder of its own for an example, which writes to both by name.</summary>
internal sealed class ScratchConsole : IDisposable
{
    private readonly TextReader _input = Console.In;
    private readonly TextWriter _output = Console.Out;
    private readonly string _previous = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("hinet-example-").FullName;
    private readonly LineWriter _written = new();
    private readonly BlockingReader _reader = new();

    internal ScratchConsole()
    {
        Directory.SetCurrentDirectory(_folder);
        Console.SetIn(_reader);
        Console.SetOut(_written);
    }

    /// <summary>The lines that the example printed.</summary>
    internal IEnumerable<string> Written => _written.Lines;

    /// <summary>Ends the one line that the example reads.</summary>
    internal void PressEnter() => _reader.Line.Set();

    public void Dispose()
    {
        PressEnter();
        Console.SetIn(_input);
        Console.SetOut(_output);
        Directory.SetCurrentDirectory(_previous);
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class LineWriter : TextWriter
    {
        internal ConcurrentQueue<string> Lines { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => Lines.Enqueue(value ?? string.Empty);
    }

    private sealed class BlockingReader : TextReader
    {
        internal ManualResetEventSlim Line { get; } = new();

        public override string? ReadLine()
        {
            Line.Wait();
            return string.Empty;
        }

        protected override void Dispose(bool disposing)
        {
            Line.Dispose();
            base.Dispose(disposing);
        }
    }
}
