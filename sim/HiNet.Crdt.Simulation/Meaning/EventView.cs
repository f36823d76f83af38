namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// A conversation as someone shows it who begins with nothing and is told events only: what a client or a bot keeps. An event changes
/// what it is about; a message comes as it reads at the moment.
/// </summary>
internal sealed class EventView
{
    private readonly SortedDictionary<EntryId, ViewedMessage> _messages = [];
    private readonly SortedDictionary<IdentityId, Role> _members = [];
    private readonly SortedDictionary<IdentityId, List<EntryId>> _reads = [];

    public int Count => _messages.Count;

    /// <summary>The members and their roles, as far as events tell: who inherits a group that nobody administers is told by none.</summary>
    public IReadOnlyDictionary<IdentityId, Role> Members => _members;

    public ViewedMessage? Find(EntryId message) => _messages.GetValueOrDefault(message);

    /// <summary>Every message up to which someone has said that they have read.</summary>
    public IReadOnlyList<EntryId> ReadBy(IdentityId person) => _reads.GetValueOrDefault(person) ?? (IReadOnlyList<EntryId>)[];

    public void Apply(ConversationEvent happened)
    {
        switch (happened)
        {
            case MessageAdded added:
                _messages[added.Id] = new ViewedMessage(added.Message);
                break;
            case MessageEdited edited:
                Find(edited.Message)?.Edit(edited.Text, edited.Time);
                break;
            case MessageDeleted deleted:
                Find(deleted.Message)?.Delete();
                break;
            case ReactionAdded reaction:
                Find(reaction.Message)?.React((reaction.Emoji, reaction.Author.Id), reaction.Time, isThere: true);
                break;
            case ReactionRemoved reaction:
                Find(reaction.Message)?.React((reaction.Emoji, reaction.Author.Id), reaction.Time, isThere: false);
                break;
            case MessagesRead read:
                if (!_reads.TryGetValue(read.By.Id, out var marks))
                {
                    _reads.Add(read.By.Id, marks = []);
                }

                marks.Add(read.UpTo);
                break;
            case GroupCreated created:
                foreach (var member in created.Members)
                {
                    _members[member.Id] = member.Id == created.By.Id ? Role.Owner : Role.Member;
                }

                break;
            case MemberAdded added:
                _members[added.Member.Id] = added.Role;
                break;
            case RoleChanged changed:
                _members[changed.Member.Id] = changed.Role;
                break;
            case MemberLeft left:
                _members.Remove(left.Member.Id);
                break;
        }
    }
}
