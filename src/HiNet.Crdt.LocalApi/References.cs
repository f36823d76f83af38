namespace HiNet.Crdt.LocalApi;

/// <summary>Finds what a person, or a script, named: by id, by a unique prefix of one, or by an unambiguous name.</summary>
internal static class References
{
    /// <summary>Fewer digits would match by accident.</summary>
    public const int ShortestPrefix = 6;

    private const int PageLength = 10_000;

    // A prefix is looked for among the newest messages only, so that a mistyped one costs a bounded amount.
    private const int SearchedMessages = 200_000;

    public static IConversation Conversation(INode node, string text)
    {
        if (ConversationId.TryParse(text, out var id))
        {
            return node.FindConversation(id)
                ?? throw new LocalApiException(404, node.Invitations.Any(i => i.Group == id)
                    ? $"{text} is a group that you are invited to: 'hinet group accept {text[..8]}' joins it."
                    : $"This node has no conversation {text}; see 'hinet conversations'.");
        }

        var all = node.Conversations;
        var found = IsPrefix(text) ? [.. all.Where(c => Begins(c.Id.ToString(), text))] : Array.Empty<IConversation>();
        if (found.Length == 0)
        {
            // Contacts are called what this person calls them; a group what anybody does, and it must not receive what was meant for a contact.
            found = [.. all.Where(c => string.Equals(c.Name, text, StringComparison.OrdinalIgnoreCase))];
            found = found.Any(c => c.Kind == ConversationKind.Direct) ? [.. found.Where(c => c.Kind == ConversationKind.Direct)] : found;
            found = found.Any(c => c.Name == text) ? [.. found.Where(c => c.Name == text)] : found;
        }

        return found.Length switch
        {
            1 => found[0],
            0 when node.Invitations.FirstOrDefault(i => string.Equals(i.Name, text, StringComparison.OrdinalIgnoreCase)) is { } invitation =>
                throw new LocalApiException(404, $"'{text}' is a group that you are invited to: 'hinet group accept {invitation.Group.ToString()[..8]}' joins it."),
            0 when node.Contacts.Any(c => string.Equals(c.Name, text, StringComparison.OrdinalIgnoreCase)) =>
                throw new LocalApiException(404, $"There is no conversation with {text} yet: 'hinet direct' begins one."),
            0 => throw new LocalApiException(404, $"No conversation is called '{text}'; give its id, the first {ShortestPrefix} or more digits of it, or its name."),
            _ => throw new LocalApiException(409, $"'{text}' fits {found.Length} conversations; give the id of one."),
        };
    }

    /// <summary>A group to which an invitation waits.</summary>
    public static ConversationId Invitation(INode node, string text)
    {
        ConversationId[] all = [.. node.Invitations.Select(i => i.Group).Distinct()];
        ConversationId[] found = IsPrefix(text) ? [.. all.Where(id => Begins(id.ToString(), text))] : [];
        if (found.Length == 0)
        {
            GroupInvitation[] named = [.. node.Invitations.Where(i => string.Equals(i.Name, text, StringComparison.OrdinalIgnoreCase))];
            named = named.Any(i => i.Name == text) ? [.. named.Where(i => i.Name == text)] : named;
            found = [.. named.Select(i => i.Group).Distinct()];

            // Who names a group that they are in does not mean one of another spelling that waits.
            found = named.Any(i => i.Name == text) || !IsJoined(node, text) ? found : [];
        }

        return found.Length switch
        {
            1 => found[0],
            0 when IsJoined(node, text) => throw new LocalApiException(409, $"You are in '{text}' already: 'hinet group leave' leaves it."),
            0 => throw new LocalApiException(404, $"No invitation to '{text}' waits here; see 'hinet invitations', and give a name or the first {ShortestPrefix} or more digits of an id."),
            _ => throw new LocalApiException(409, $"'{text}' fits invitations to {found.Length} groups; give the id of one."),
        };
    }

    private static bool IsJoined(INode node, string text) => node.Conversations.Any(conversation =>
        conversation.Kind == ConversationKind.Group
        && conversation.Members.Any(member => member.Person.Id == node.Self.Id)
        && (conversation.Name == text || (IsPrefix(text) && Begins(conversation.Id.ToString(), text))));

    public static IdentityId Identity(INode node, string text)
    {
        if (IdentityId.TryParse(text, out var id))
        {
            return id;
        }

        Person[] all = [.. node.Contacts.Select(c => new Person(c.Id, c.Name)), node.Self];
        var found = IsPrefix(text) ? [.. all.Where(p => Begins(p.Id.ToString(), text))] : Array.Empty<Person>();
        if (found.Length == 0)
        {
            found = [.. all.Where(p => string.Equals(p.Name, text, StringComparison.Ordinal))];
        }

        if (found.Length == 0)
        {
            found = [.. all.Where(p => string.Equals(p.Name, text, StringComparison.OrdinalIgnoreCase))];
        }

        found = [.. found.DistinctBy(p => p.Id)];
        return found.Length switch
        {
            1 => found[0].Id,
            0 => throw new LocalApiException(404, $"No contact is called '{text}'; give an identity or a contact's name (see 'hinet contacts')."),
            _ => throw new LocalApiException(409, $"'{text}' fits {found.Length} contacts; give the identity of one."),
        };
    }

    public static EntryId Message(IConversation conversation, string text)
    {
        if (EntryId.TryParse(text, out var id))
        {
            return conversation.Find(id) is null
                ? throw new LocalApiException(404, $"This conversation has no message {text} (yet).")
                : id;
        }

        if (!IsPrefix(text))
        {
            throw new LocalApiException(400, $"'{text}' is not a message id; give its 64 hex digits or the first {ShortestPrefix} or more of them.");
        }

        var found = new List<EntryId>();
        EntryId? before = null;
        for (var searched = 0; searched < SearchedMessages;)
        {
            var page = conversation.ReadPage(PageLength, before);
            found.AddRange(page.Where(m => Begins(m.Id.ToString(), text)).Select(m => m.Id));
            searched += page.Count;
            if (page.Count < PageLength)
            {
                break;
            }

            before = page[0].Id;
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw new LocalApiException(404, $"This conversation has no message that begins with {text}."),
            _ => throw new LocalApiException(409, $"{found.Count} messages begin with {text}; give more digits."),
        };
    }

    private static bool IsPrefix(string text) => text.Length is >= ShortestPrefix and <= 64 && text.All(char.IsAsciiHexDigit);

    private static bool Begins(string id, string prefix) => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
