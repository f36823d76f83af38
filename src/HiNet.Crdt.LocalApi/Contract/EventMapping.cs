using System.Globalization;

namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>From event types to flat lines.</summary>
internal static class EventMapping
{
    public static EventInfo ToInfo(this ConversationEvent happened)
    {
        var info = new EventInfo
        {
            Event = KebabCase.Of(happened.GetType().Name),
            Cursor = happened.Cursor.ToString(),
            Conversation = happened.Conversation.ToString(),
            Time = happened.Time.ToUniversalTime(),
        };
        return happened switch
        {
            MessageAdded e => OfMessage(info, e.Message),
            MessageEdited e => info with { Message = Id(e.Message), Author = Id(e.Author), AuthorName = e.Author.Name, Text = e.Text },
            MessageDeleted e => info with { Message = Id(e.Message), Author = Id(e.Author), AuthorName = e.Author.Name },
            ReactionAdded e => info with { Message = Id(e.Message), Author = Id(e.Author), AuthorName = e.Author.Name, Emoji = e.Emoji },
            ReactionRemoved e => info with { Message = Id(e.Message), Author = Id(e.Author), AuthorName = e.Author.Name, Emoji = e.Emoji },
            MessagesDelivered e => info with { By = Id(e.By), ByName = e.By.Name },
            MessagesRead e => info with { By = Id(e.By), ByName = e.By.Name, UpTo = Id(e.UpTo) },
            MemberAdded e => info with
            {
                Member = Id(e.Member),
                MemberName = e.Member.Name,
                By = Id(e.By),
                ByName = e.By.Name,
                Role = ContractMapping.Word(e.Role),
            },
            MemberLeft e => info with { Member = Id(e.Member), MemberName = e.Member.Name },
            RoleChanged e => info with
            {
                Member = Id(e.Member),
                MemberName = e.Member.Name,
                By = Id(e.By),
                ByName = e.By.Name,
                Role = ContractMapping.Word(e.Role),
            },
            DeviceAdded e => info with { Member = Id(e.Member), MemberName = e.Member.Name, Device = e.Device.ToString() },
            EquivocationDetected e => info with
            {
                Author = Id(e.Author),
                AuthorName = e.Author.Name,
                Device = e.Device.ToString(),
                Seq = e.Seq,
                First = Id(e.First),
                Second = Id(e.Second),
            },
            GroupCreated e => info with { By = Id(e.By), ByName = e.By.Name, Name = e.Name, Members = [.. e.Members.Select(m => m.ToInfo())] },
            GroupInvitationReceived e => info with { By = Id(e.By), ByName = e.By.Name, Group = e.Group.ToString(), Name = e.Name },
            UnsupportedEntryAdded e => info with
            {
                Author = Id(e.Author),
                AuthorName = e.Author.Name,
                Entry = Id(e.Entry),
                Kind = e.Kind.ToString(CultureInfo.InvariantCulture),
            },
            _ => info,
        };
    }

    public static EventInfo ToInfo(this NodeEvent happened)
    {
        var info = new EventInfo { Event = KebabCase.Of(happened.GetType().Name), Time = happened.Time.ToUniversalTime() };
        return happened switch
        {
            PeerConnected e => info with { Node = e.Node.ToString() },
            PeerDisconnected e => info with { Node = e.Node.ToString(), Detail = e.Reason },
            PeerMisbehaved e => info with { Node = e.Node?.ToString(), Name = e.Reason, Detail = e.Detail },
            InviteLapsed e => info with { Member = e.Contact.Id.ToString(), MemberName = e.Contact.Name, Detail = ContractMapping.Word(e.Contact.Status) },
            ContactMet e => info with { Member = e.Contact.Id.ToString(), MemberName = e.Contact.Name },
            ContactAdded e => info with { Member = e.Contact.Id.ToString(), MemberName = e.Contact.Name },
            ConversationAdded e => info with { Conversation = e.Conversation.ToString(), Kind = ContractMapping.Word(e.Kind), Name = e.Name },
            GroupInvited e => info with { By = Id(e.By), ByName = e.By.Name, Group = e.Group.ToString(), Name = e.Name },
            EntriesParked e => info with { Conversation = e.Conversation.ToString(), Device = e.Device.ToString(), Detail = $"until {e.Due:O}" },
            ClockCorrected e => info with { Detail = $"by {e.Offset:c}" },
            DivergenceDetected e => info with { Conversation = e.Conversation.ToString(), Node = e.Node.ToString() },
            StorageFailed e => info with { Detail = e.Problem },
            _ => info,
        };
    }

    private static EventInfo OfMessage(EventInfo info, Message message) => info with
    {
        Id = Id(message.Id),
        Author = Id(message.Author),
        AuthorName = message.Author.Name,
        Device = message.Device.ToString(),
        Text = message.Text,
        ReplyTo = message.ReplyTo?.ToString(),
        State = ContractMapping.Word(message.State),
        Edited = message.IsEdited ? true : null,
        Deleted = message.IsDeleted ? true : null,
        Late = message.IsLate ? true : null,
    };

    private static string Id(EntryId id) => id.ToString();

    private static string Id(Person person) => person.Id.ToString();
}
