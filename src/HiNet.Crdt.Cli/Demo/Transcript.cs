using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Demo;

/// <summary>A history as people would read it, long runs of one author shortened.</summary>
internal static class Transcript
{
    private const int LongestRun = 6;
    private const int ShownOfRun = 2;

    public static IEnumerable<string> Lines(IReadOnlyList<MessageInfo> history)
    {
        var byId = history.ToDictionary(m => m.Id, StringComparer.Ordinal);
        for (var i = 0; i < history.Count;)
        {
            var end = i;
            while (end < history.Count && history[end].Author == history[i].Author)
            {
                end++;
            }

            var isLong = end - i > LongestRun;
            for (; i < end; i++)
            {
                var message = history[i];
                yield return "  " + MessageLine.Markup(message, message.ReplyTo is null ? null : byId.GetValueOrDefault(message.ReplyTo), withState: true);
                var skipped = isLong ? end - i - 1 - ShownOfRun : 0;
                if (skipped > 0)
                {
                    yield return $"  {People.Dim($"… {skipped} more by {message.AuthorName} …")}";
                    i += skipped;
                    isLong = false;
                }
            }
        }
    }
}
