using System.Text;
using System.Threading.Channels;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.Cli.Tests;

/// <summary>Standard output that a test reads line by line while it is written.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_line)
        {
            if (value == '\n')
            {
                _lines.Writer.TryWrite(_line.ToString());
                _line.Clear();
            }
            else
            {
                _line.Append(value);
            }
        }
    }

    public Task<string> NextAsync() => _lines.Reader.ReadAsync(Bounded.Token()).AsTask();
}
