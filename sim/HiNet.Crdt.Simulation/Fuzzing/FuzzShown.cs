using System.Globalization;
using System.Text;
using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// What a replica shows its person, as text, without what may depend on the order of arrival: the late mark, and receipts where
/// somebody marked more messages as read that had not come than a replica remembers.
/// </summary>
internal static class FuzzShown
{
    private const int Everything = 100_000;

    public static string Of(NodeReader reader, ConversationId conversation, bool hasReceipts)
    {
        var text = new StringBuilder();
        foreach (var message in reader.Page(conversation, Everything, null))
        {
            text.Append(CultureInfo.InvariantCulture, $"{message.Id} {message.Author.Id} {message.Author.Name} {message.Device} {message.Time:O} ")
                .Append(message.Text?.Length ?? -1).Append(' ').Append(message.Text is { Length: <= 40 } some ? some : string.Empty)
                .Append(CultureInfo.InvariantCulture, $" edited={message.IsEdited} deleted={message.IsDeleted} unsupported={message.IsUnsupported} reply={message.ReplyTo}");
            foreach (var reaction in message.Reactions)
            {
                text.Append(' ').Append(reaction.Emoji).Append('=').AppendJoin(',', reaction.By.Select(by => by.Id));
            }

            if (hasReceipts)
            {
                text.Append(' ').Append(message.State).Append(' ')
                    .AppendJoin(',', message.Receipts.Select(receipt => $"{receipt.Identity}:{receipt.Delivered}:{receipt.Read}"));
            }

            text.Append('\n');
        }

        text.AppendJoin('\n', reader.MembersOf(conversation).Select(member => member.ToString())).Append('\n');
        text.Append(reader.NameOf(conversation)).Append('\n');
        if (hasReceipts)
        {
            text.Append(reader.Summarize(conversation).Unread);
        }

        return text.ToString();
    }

    /// <summary>The first line in which two texts differ, of both.</summary>
    public static string Difference(string one, string other)
    {
        var (left, right) = (one.Split('\n'), other.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(left.Length, right.Length)).First(i => left.ElementAtOrDefault(i) != right.ElementAtOrDefault(i));
        return $"\"{left.ElementAtOrDefault(at)}\" and \"{right.ElementAtOrDefault(at)}\"";
    }
}
