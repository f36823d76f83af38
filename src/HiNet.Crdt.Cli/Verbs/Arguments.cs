using System.CommandLine;
using System.Globalization;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary>Arguments that many verbs have, and their syntax.</summary>
internal static class Arguments
{
    private const int ShortestPrefix = 6;

    public static Argument<string> Conversation() => new("CONV")
    {
        Description = "A conversation: its id, the first 6 or more digits of it, or its name.",
    };

    public static Argument<string> Message() => new("ID")
    {
        Description = "A message: its id, or the first 6 or more digits of it.",
    };

    public static Argument<string> Identity() => new("IDENTITY")
    {
        Description = "A person: the identity, the first 6 or more digits of it, or a contact's name.",
    };

    public static Argument<string> Text() => new("TEXT") { Description = "1 to 65,536 bytes of text." };

    /// <summary>A whole number within bounds; anything else is answered with one sentence. Null when left out.</summary>
    public static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"{name} needs a number {(most == int.MaxValue ? $"of {least:N0} or more" : $"from {least:N0} to {most:N0}")}."));
            return null;
        },
    };

    /// <summary>Checks what becomes options of the node, before anything is opened.</summary>
    /// <exception cref="UsageException">One of them cannot be used.</exception>
    public static void Check(HiNetOptions options)
    {
        try
        {
            (options with { Store = new InMemoryStore() }).Validate();
        }
        catch (InvalidOptionsException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <exception cref="UsageException">It cannot be a message's id.</exception>
    public static string MessageId(string text) =>
        text.Length is >= ShortestPrefix and <= 64 && text.All(char.IsAsciiHexDigit)
            ? text
            : throw new UsageException($"'{text}' is not a message id; give its 64 hex digits or the first {ShortestPrefix} or more of them.");
}
