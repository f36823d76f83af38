using System.Text;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>
/// What honest nodes send tells nobody more than the protocol means to. No text is in the clear in any frame, datagram or row of a
/// disk, and in no row is a name, an address, a card or what makes an invite good. Who watches the network reads no name and no id of a person, device or conversation. Who opens a frame finds in it only
/// conversations and people that they were brought together with. Who has left a group holds no key to what is written by those who know.
/// </summary>
internal sealed class StrangersLearnNothing(InvariantChecker checker) : Invariant(checker)
{
    private const int Window = 8;

    /// <summary>Of what passes on the wire, and of what is opened, so many bytes are looked at between two regular looks, each.</summary>
    private const long BytesPerLook = 256 * 1024;

    /// <summary>What is in no row of a disk.</summary>
    private readonly PatternSet _sealed = new();

    /// <summary>Persons by number of their node, conversations by number in <see cref="_conversations"/>.</summary>
    private readonly PatternSet _everything = new();

    private readonly SortedDictionary<ConversationId, int> _conversations = [];
    private readonly List<(ConversationId Id, string? Name)> _byNumber = [];
    private readonly List<(int Node, Pattern What, int From)> _suspicions = [];
    private readonly HashSet<(int Node, Pattern What)> _suspected = [];
    private readonly Acquaintances _acquaintances = new();
    private readonly List<Departure> _departures = [];

    /// <summary>Whom someone has added: whether that was before they left or after, the two can be concurrent.</summary>
    private readonly HashSet<(ConversationId, IdentityId)> _addedBack = [];
    private int _peopleKnown;
    private long _wireLeft = BytesPerLook;
    private long _framesLeft = BytesPerLook;

    public override string Id => "strangers-learn-nothing";

    public override void Submitted(NodeProcess process, NodeCommand command)
    {
        switch (command)
        {
            case NodeCommand.SendText send:
                AddText(send.Text);
                break;
            case NodeCommand.Edit edit:
                AddText(edit.Text);
                break;
            case NodeCommand.CreateGroup create:
                _sealed.Add(Encoding.UTF8.GetBytes(create.Name), PatternKind.GroupName, -1);
                _acquaintances.Group(process.Home.Self.Id, create.Members);
                break;
            case NodeCommand.OpenDirect open:
                _acquaintances.Group(process.Home.Self.Id, [open.Contact]);
                break;
            case NodeCommand.AddMember add:
                _acquaintances.Join(add.Conversation, add.Member);
                _addedBack.Add((add.Conversation, add.Member));
                break;
            case NodeCommand.AddContact add:
                _acquaintances.Accepts(process.Home.Self.Id, add.Invite);
                break;
            case NodeCommand.CreateInvite:
                _acquaintances.Invites(process.Home.Self.Id);
                break;
        }
    }

    /// <summary>Also of adversaries: whom they know is theirs to know.</summary>
    public override void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        switch (command, result)
        {
            case (NodeCommand.CreateGroup create, NodeResult.Opened opened):
                Know(opened.Conversation, create.Name, [process.Home.Self.Id, .. create.Members]);
                break;
            case (NodeCommand.OpenDirect open, NodeResult.Opened opened):
                Know(opened.Conversation, null, [process.Home.Self.Id, open.Contact]);
                break;
            case (NodeCommand.AddContact, NodeResult.Added added):
                _acquaintances.Group(process.Home.Self.Id, [added.Contact.Id]);
                break;
            case (NodeCommand.Leave leave, NodeResult.Written written):
                _departures.Add(new Departure(process, leave.Conversation, written.Entry));
                break;
            case (NodeCommand.CreateInvite, NodeResult.Invited invited) when Invite.TryParse(invited.Invite, out var invite, out _):
                _sealed.Add(invite!.Secret.ToArray(), PatternKind.InviteSecret, process.Index);
                break;
        }
    }

    public override void Stored(NodeProcess process, in StoreChange change, bool isNew)
    {
        KnowPeople();
        if (process.Home is EngineHome && change.Value is { } value)
        {
            CheckRow(process, change.Family, value);
        }
    }

    public override void OnTheWire(NodeProcess process, ReadOnlySpan<byte> bytes)
    {
        if (_wireLeft <= 0 || process.Home is not EngineHome)
        {
            return;
        }

        _wireLeft -= bytes.Length;
        KnowPeople();
        if (_everything.Find(bytes) is { } found)
        {
            Fail($"node {process.Index} sent {Describe(found)} in the clear");
        }
    }

    /// <summary>A node opened a frame of an honest one.</summary>
    public void Received(NodeProcess receiver, NodeProcess sender, ReadOnlySpan<byte> frame)
    {
        if (_framesLeft <= 0)
        {
            return;
        }

        _framesLeft -= frame.Length;
        KnowPeople();
        _everything.Find(frame, pattern =>
        {
            if (pattern.Kind == PatternKind.Text)
            {
                Fail($"node {sender.Index} sent a text to node {receiver.Index} that is not sealed for its conversation: {Describe(pattern)}");
            }

            // Whether they know each other is clear when all that was asked for is done.
            if (!MayKnow(receiver, pattern) && _suspected.Add((receiver.Index, pattern)))
            {
                _suspicions.Add((receiver.Index, pattern, sender.Index));
            }

            return false;
        });
    }

    public override void Looked()
    {
        _wireLeft = BytesPerLook;
        _framesLeft = BytesPerLook;
    }

    public override void Quiet()
    {
        foreach (var (node, what, from) in _suspicions)
        {
            if (!MayKnow(Checker.World.Nodes[node].Process, what))
            {
                Fail($"node {from} told node {node} {Describe(what)}, with whom or which it has nothing to do");
            }
        }

        foreach (var node in Checker.World.Nodes)
        {
            // What makes an invite good was not known when the row of who issued it was written.
            CheckRows(node.Process, ColumnFamily.Contacts);
        }

        foreach (var departure in _departures)
        {
            if (!_addedBack.Contains((departure.Conversation, departure.Person)))
            {
                departure.Check(this, Checker);
            }
        }
    }

    private void CheckRows(NodeProcess process, ColumnFamily family)
    {
        if (process is not { IsHonest: true, Home: EngineHome { Disk: var disk } })
        {
            return;
        }

        using var rows = disk.Scan(family, [], []);
        while (rows.MoveNext())
        {
            CheckRow(process, family, rows.Value);
        }
    }

    private void CheckRow(NodeProcess process, ColumnFamily family, ReadOnlySpan<byte> row)
    {
        if (_sealed.Find(row) is { } found)
        {
            Fail($"node {process.Index} wrote {Describe(found)} in the clear to {family}");
        }
    }

    private bool MayKnow(NodeProcess node, Pattern pattern)
    {
        var self = node.Home.Self.Id;
        return pattern.Kind switch
        {
            PatternKind.Identity or PatternKind.Device or PatternKind.PersonName =>
                pattern.Number == node.Index || _acquaintances.Know(self, Checker.World.Nodes[pattern.Number].Process.Home.Self.Id),
            PatternKind.Conversation or PatternKind.GroupName => _acquaintances.IsIn(_byNumber[pattern.Number].Id, self),
            _ => false,
        };
    }

    private void AddText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 2 * Window)
        {
            _sealed.Add(bytes, PatternKind.Text, 0);
            _everything.Add(bytes, PatternKind.Text, 0);
        }
    }

    private void Know(ConversationId conversation, string? name, IReadOnlyList<IdentityId> members)
    {
        foreach (var member in members)
        {
            _acquaintances.Join(conversation, member);
        }

        if (_conversations.TryAdd(conversation, _byNumber.Count))
        {
            _everything.Add(conversation.ToArray(), PatternKind.Conversation, _byNumber.Count);
            if (name is not null)
            {
                _everything.Add(Encoding.UTF8.GetBytes(name), PatternKind.GroupName, _byNumber.Count);
            }

            _byNumber.Add((conversation, name));
        }
    }

    private void KnowPeople()
    {
        for (; _peopleKnown < Checker.World.Nodes.Count; _peopleKnown++)
        {
            if (Checker.World.Nodes[_peopleKnown].Process.Original is not null)
            {
                continue;
            }

            var home = Checker.World.Nodes[_peopleKnown].Process.Home;
            _everything.Add(home.Self.Id.ToArray(), PatternKind.Identity, _peopleKnown);
            _everything.Add(home.Device.ToArray(), PatternKind.Device, _peopleKnown);
            var name = Encoding.UTF8.GetBytes(home.Self.Name);
            _everything.Add(name, PatternKind.PersonName, _peopleKnown);
            _sealed.Add(name, PatternKind.PersonName, _peopleKnown);
            _sealed.Add(Encoding.UTF8.GetBytes(SimulatedNetwork.AddressOf(_peopleKnown)), PatternKind.Address, _peopleKnown);
            if (home is EngineHome { Secrets: var secrets, Cryptography: var cryptography })
            {
                _sealed.Add(HomeSecrets.LeafKeyOf(cryptography, secrets.LeafSecrets[^1]).ToArray(), PatternKind.LeafKey, _peopleKnown);
            }
        }
    }

    private string Describe(Pattern pattern) => pattern.Kind switch
    {
        PatternKind.Identity => $"the identity of node {pattern.Number}",
        PatternKind.Device => $"the device of node {pattern.Number}",
        PatternKind.PersonName => $"the name of node {pattern.Number}",
        PatternKind.Conversation => $"the id of conversation {_byNumber[pattern.Number].Id}",
        PatternKind.GroupName => $"the name of a group, \"{Encoding.UTF8.GetString(pattern.Bytes)}\"",
        PatternKind.LeafKey => $"the card of node {pattern.Number}",
        PatternKind.Address => $"the address of node {pattern.Number}",
        PatternKind.InviteSecret => $"the secret of an invite of node {pattern.Number}",
        _ => $"\"{Encoding.UTF8.GetString(pattern.Bytes)}\"",
    };
}
