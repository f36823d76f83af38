using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;

namespace HiNet.Crdt.LocalApi.Tests.Fakes;

/// <summary>A conversation whose events are a list, replayed and then followed.</summary>
internal sealed class FakeConversation : IConversation, IDisposable
{
    private readonly Lock _gate = new();
    private readonly FakeNode _node;
    private readonly List<Message> _messages = [];
    private readonly ReplaySubject<ConversationEvent> _events = new();
    private ulong _position;

    public FakeConversation(FakeNode node, ConversationKind kind, string name, IReadOnlyList<Member> members)
    {
        _node = node;
        Kind = kind;
        Name = name;
        Members = members;
        Id = new ConversationId(FakeNode.Hash($"conversation {name}"));
    }

    public ConversationId Id { get; }

    public bool IsObserved => _events.HasObservers;

    public ConversationKind Kind { get; }

    public string Name { get; }

    public IReadOnlyList<Member> Members { get; }

    public IObservable<ConversationEvent> Events
    {
        get
        {
            var from = _position;
            return _events.Where(e => e.Cursor.Position > from);
        }
    }

    public IObservable<ConversationEvent> EventsFrom(EventCursor cursor) => _events.Where(e => e.Cursor.CompareTo(cursor) > 0);

    public Task<SentMessage> SendAsync(string text, CancellationToken cancellationToken = default) => Task.FromResult(Add(text, null));

    public Task<SentMessage> ReplyAsync(EntryId message, string text, CancellationToken cancellationToken = default) =>
        Task.FromResult(Add(text, message));

    public Task<SentMessage> EditAsync(EntryId message, string text, CancellationToken cancellationToken = default) =>
        Change(message, m => m with { Text = text, IsEdited = true }, (cursor, time) => new MessageEdited(Id, cursor, time, message, _node.Self, text));

    public Task<SentMessage> DeleteAsync(EntryId message, CancellationToken cancellationToken = default) =>
        Change(message, m => m with { Text = null, IsDeleted = true }, (cursor, time) => new MessageDeleted(Id, cursor, time, message, _node.Self));

    public Task<SentMessage> ReactAsync(EntryId message, string emoji, bool remove = false, CancellationToken cancellationToken = default) => Change(
        message,
        m => m with { Reactions = remove ? [] : [.. m.Reactions, new Reaction(emoji, [_node.Self])] },
        (cursor, time) => remove
            ? new ReactionRemoved(Id, cursor, time, message, _node.Self, emoji)
            : new ReactionAdded(Id, cursor, time, message, _node.Self, emoji));

    public Task<SentMessage> MarkReadAsync(EntryId message, CancellationToken cancellationToken = default) =>
        Change(message, m => m, (cursor, time) => new MessagesRead(Id, cursor, time, _node.Self, message));

    public Task<SentMessage> AddMemberAsync(IdentityId member, CancellationToken cancellationToken = default) =>
        throw new HiNetException("Only a contact can be added; accept their invite first.");

    public Task<SentMessage> LeaveAsync(CancellationToken cancellationToken = default) => Task.FromResult(Sent());

    public IReadOnlyList<Message> ReadPage(int limit = 50, EntryId? before = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 10_000);
        lock (_gate)
        {
            var end = before is { } id ? _messages.FindIndex(m => m.Id == id) : _messages.Count;
            var start = Math.Max(0, end - limit);
            return _messages[start..end];
        }
    }

    public Message? Find(EntryId message)
    {
        lock (_gate)
        {
            return _messages.Find(m => m.Id == message);
        }
    }

    public ConversationSummary Summarize() => new(Id, Kind, Name, Members, 0, _messages.LastOrDefault());

    public ConversationStatus GetStatus() => new(
        _messages.Count,
        _messages.Count == 0 ? [] : [new FrontierHead(_node.Device, (ulong)_messages.Count - 1, _messages[^1].Id)],
        new Bytes32(FakeNode.Hash($"state {_messages.Count}")),
        0,
        0);

    public void Dispose() => _events.Dispose();

    private SentMessage Add(string text, EntryId? replyTo)
    {
        if (text.Length == 0 || Encoding.UTF8.GetByteCount(text) > 65_536)
        {
            throw new HiNetException("A message needs 1 to 65,536 bytes of text.");
        }

        lock (_gate)
        {
            var number = ++_position;
            var message = new Message
            {
                Id = new EntryId(FakeNode.Hash($"{Name} {number}")),
                Author = _node.Self,
                Device = _node.Device,
                Time = DateTimeOffset.UnixEpoch.AddSeconds(number),
                Text = text,
                ReplyTo = replyTo,
                State = MessageState.Stored,
                Receipts = [.. Members.Where(m => m.Person.Id != _node.Self.Id).Select(m => new Receipt(m.Person.Id, false, false))],
            };
            _messages.Add(message);
            _events.OnNext(new MessageAdded(Id, new EventCursor(number), message));
            return new SentMessage(message.Id, MessageState.Stored);
        }
    }

    private Task<SentMessage> Change(EntryId message, Func<Message, Message> change, Func<EventCursor, DateTimeOffset, ConversationEvent> happened)
    {
        lock (_gate)
        {
            var index = _messages.FindIndex(m => m.Id == message);
            _messages[index] = change(_messages[index]);
            var number = ++_position;
            _events.OnNext(happened(new EventCursor(number), DateTimeOffset.UnixEpoch.AddSeconds(number)));
            return Task.FromResult(Sent());
        }
    }

    private SentMessage Sent() => new(new EntryId(FakeNode.Hash($"{Name} operation {_position}")), MessageState.Stored);
}
