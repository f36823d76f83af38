namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>From the abstractions to what crosses the API.</summary>
internal static class ContractMapping
{
    public static ContactInfo ToInfo(this Contact contact) => new(contact.Id.ToString(), contact.Name, Word(contact.Status));

    public static PeerInfo ToInfo(this Peer peer) => new(
        peer.Node.ToString(),
        peer.Identity?.ToString(),
        peer.Name,
        peer.Address,
        peer.IsOutgoing ? "out" : "in",
        [.. peer.Conversations.Select(id => id.ToString())]);

    public static PersonInfo ToInfo(this Person person) => new(person.Id.ToString(), person.Name);

    public static MemberInfo ToInfo(this Member member) => new(
        member.Person.Id.ToString(), member.Person.Name, Word(member.Role), member.Since.ToUniversalTime(), member.IsTentative);

    public static InvitationInfo ToInfo(this GroupInvitation invitation) => new(
        invitation.Group.ToString(),
        invitation.Name,
        invitation.By.Id.ToString(),
        invitation.Members,
        invitation.By.Name,
        invitation.Time.ToUniversalTime());

    public static SentInfo ToInfo(this SentMessage sent) => new(sent.Id.ToString(), Word(sent.State));

    public static MessageInfo ToInfo(this Message message) => new()
    {
        Id = message.Id.ToString(),
        Author = message.Author.Id.ToString(),
        AuthorName = message.Author.Name,
        Device = message.Device.ToString(),
        Time = message.Time.ToUniversalTime(),
        Text = message.Text,
        Edited = message.IsEdited,
        Deleted = message.IsDeleted,
        Late = message.IsLate,
        Unsupported = message.IsUnsupported,
        Reactions = [.. message.Reactions.Select(r => new ReactionInfo(r.Emoji, [.. r.By.Select(ToInfo)]))],
        ReplyTo = message.ReplyTo?.ToString(),
        State = Word(message.State),
        Receipts = [.. message.Receipts.Select(r => new ReceiptInfo(r.Identity.ToString(), r.Delivered, r.Read))],
    };

    public static ConversationInfo ToInfo(this ConversationSummary summary) => new(
        summary.Id.ToString(),
        Word(summary.Kind),
        summary.Name,
        [.. summary.Members.Select(ToInfo)],
        summary.Unread,
        summary.Last?.ToInfo());

    public static ConversationStatusInfo ToInfo(this ConversationStatus status)
    {
        var frontier = new SortedDictionary<string, IReadOnlyList<FrontierHeadInfo>>(StringComparer.Ordinal);
        foreach (var device in status.Frontier.GroupBy(head => head.Device))
        {
            frontier[device.Key.ToString()] =
                [.. device.OrderBy(head => head.Seq).ThenBy(head => head.Head).Select(head => new FrontierHeadInfo(head.Seq, head.Head.ToString()))];
        }

        return new ConversationStatusInfo(status.Entries, frontier, status.StateHash.ToString(), status.Parked, status.Missing);
    }

    public static string Word(ContactStatus status) => KebabCase.Of(status.ToString());

    public static string Word(MessageState state) => state switch
    {
        MessageState.Queued => "queued",
        MessageState.Stored => "stored",
        MessageState.Delivered => "delivered",
        _ => "read",
    };

    public static string Word(ConversationKind kind) => kind == ConversationKind.Direct ? "direct" : "group";

    public static string Word(Role role) => role switch
    {
        Role.Owner => "owner",
        Role.Admin => "admin",
        Role.Moderator => "moderator",
        Role.Member => "member",
        Role.Reader => "reader",
        _ => "none",
    };
}
