using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Says what the operations of a case say, one after the other, on links of its own. When the other end has closed a channel or a link, it makes another; when
/// that does not work either, it goes on with the next operation.
/// </summary>
internal sealed class ChannelAttacker(SimulatedWorld world, int index, EngineHome home, IReadOnlyList<FuzzOperation> operations, FuzzRecord record)
    : Attacker(world, index, home)
{
    private const int MostAtOnce = 4;
    private const int MostDials = 3;
    private const int Honest = 2;

    private readonly ChannelMessages _messages = new();
    private readonly List<HostileChannel> _ready = [];
    private readonly List<(FuzzOperation Operation, HostileChannel Channel)> _said = [];
    private readonly List<ChannelLink> _links = [];
    private IReadOnlyList<ConversationId> _conversations = [];
    private Action<int>? _speak;
    private int _done;
    private int _dials;
    private int _victim;

    public bool IsDone => _done == operations.Count && _said.Count == 0;

    /// <summary>Begins.</summary>
    /// <param name="conversations">The group, and the direct conversation with each honest person.</param>
    /// <param name="speak">Lets an honest person say something.</param>
    public void Arm(IReadOnlyList<ConversationId> conversations, Action<int> speak) => (_conversations, _speak) = (conversations, speak);

    public override void Heard(HostileChannel channel, int type, byte[] payload) => _messages.Heard(type, payload);

    protected override void Attack(AdversaryMachine machine)
    {
        Judge();
        for (var i = 0; i < MostAtOnce && _speak is not null && _done < operations.Count; i++)
        {
            if (!TryAct(machine, operations[_done]))
            {
                break;
            }

            _done++;
            _dials = 0;
        }
    }

    /// <summary>False while there is no channel to say it on.</summary>
    private bool TryAct(AdversaryMachine machine, FuzzOperation operation)
    {
        switch (operation.Kind)
        {
            case FuzzKind.Speak:
                _speak!(operation.Who);
                return true;
            case FuzzKind.Turn:
                _victim = (_victim + 1) % Honest;
                Dial(machine);
                return true;
        }

        var wanted = operation.Who % 3 == 2 ? _conversations[1 + _victim] : _conversations[0];
        var channel = _ready.Find(ready => ready.IsOpen && ready.Writer.Conversation == wanted);
        if (channel is null)
        {
            if (_dials >= MostDials)
            {
                return true;
            }

            _dials++;
            Dial(machine);
            return false;
        }

        // What the engine has learnt since is taken in, and what was said by hand is gone on from.
        var writer = MemberWriter.TryOpen(Home, wanted, WallClock, World.Invariants.Intents) ?? channel.Writer;
        _said.Add((operation, channel));
        _messages.Say(operation, channel, writer, Draw, Bytes);
        return true;
    }

    private void Dial(AdversaryMachine machine)
    {
        _links.ForEach(static link => link.Close());
        _links.Clear();
        _ready.Clear();
        List<MemberWriter> writers = [.. _conversations
            .Where((_, number) => number == 0 || number == 1 + _victim)
            .Select(conversation => MemberWriter.TryOpen(Home, conversation, WallClock, World.Invariants.Intents)).OfType<MemberWriter>()];
        machine.Dial(_victim, id =>
        {
            _links.Add(new ChannelLink(machine, id, this, writers, _ready.Add));
            return _links[^1];
        });
    }

    /// <summary>What came of the last things that were said: their channel went on, or it ended.</summary>
    private void Judge()
    {
        _said.ForEach(said => record.Made(said.Operation, said.Channel.IsOpen, !said.Channel.IsOpen));
        _said.Clear();
    }
}
