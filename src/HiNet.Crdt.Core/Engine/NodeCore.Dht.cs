using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore : IEffectSink<DhtEffect>
{
    /// <summary>Set in the tokens of the DHT's signature checks, and in no others.</summary>
    private const long DhtToken = 1L << 62;

    private readonly DhtNode? _dht;
    private readonly SortedDictionary<long, (Action<DhtResult> Answer, Action<DhtSlot>? Found)> _dhtOperations = [];

    /// <summary>What the DHT has said while it was handling something, in order: slots of lookups that go on, and results.</summary>
    private readonly List<(long Operation, DhtSlot? Slot, DhtResult? Result)> _dhtResults = [];
    private List<DhtContact> _keptDhtContacts = [];
    private long _lastDhtOperation;
    private bool _hasDhtContacts;

    void IEffectSink<DhtEffect>.Add(DhtEffect effect)
    {
        switch (effect)
        {
            case DhtEffect.SendDatagram send:
                _effects.Add(new NodeEffect.SendDatagram(send.To, send.Bytes));
                break;
            case DhtEffect.Verify verify:
                _effects.Add(new NodeEffect.Verify(verify.Token | DhtToken, new DeviceId(verify.Key), verify.Message, verify.Signature));
                break;
            case DhtEffect.Found found:
                _dhtResults.Add((found.Operation, found.Slot, null));
                break;
            case DhtEffect.Complete complete:
                _dhtResults.Add((complete.Operation, null, complete.Result));
                break;
            case DhtEffect.KeepContacts keep:
                KeepDhtContacts(keep.Contacts);
                break;
            case DhtEffect.Count count:
                _effects.Add(new NodeEffect.Count(count.Instrument, count.Amount));
                break;
            default:
                throw new InvalidOperationException($"{effect.GetType().Name} is not known here.");
        }
    }

    /// <summary>What the DHT is told; nothing where there is none.</summary>
    private void GiveDht(DhtInput input) => _dht?.Handle(input, _now, this);

    /// <param name="operation">What is asked.</param>
    /// <param name="answer">Hears of the end.</param>
    /// <param name="found">Hears of each slot that a lookup finds, when it is found.</param>
    private void Ask(DhtOperation operation, Action<DhtResult> answer, Action<DhtSlot>? found = null)
    {
        _dhtOperations[++_lastDhtOperation] = (answer, found);
        GiveDht(new DhtInput.Commanded(_lastDhtOperation, operation));
    }

    /// <summary>Answers come while the DHT is handling something, and may lead to the next question: they are passed on afterwards.</summary>
    private void SettleDht()
    {
        for (var i = 0; i < _dhtResults.Count; i++)
        {
            var (operation, slot, result) = _dhtResults[i];
            if (!_dhtOperations.TryGetValue(operation, out var asked))
            {
                continue;
            }

            if (slot is not null)
            {
                asked.Found?.Invoke(slot);
            }

            if (result is not null)
            {
                _dhtOperations.Remove(operation);
                asked.Answer(result);
            }
        }

        _dhtResults.Clear();
    }

    /// <summary>The owner's own questions, past every policy but the DHT's.</summary>
    private void UseDht(long command, DhtOperation operation)
    {
        if (_dht is null)
        {
            _effects.Add(new NodeEffect.Complete(command, new NodeResult.Refused("This node is not part of the DHT: start it without --no-dht and with an address to listen on.")));
            return;
        }

        Ask(operation, result => _effects.Add(new NodeEffect.Complete(command, new NodeResult.OfDht(result))));
    }

    private void LoadDhtContacts()
    {
        if (_dht is null || !_services.Rows.TryGet(ColumnFamily.Contacts, StoreKeys.DhtContacts, out var value))
        {
            return;
        }

        var record = DhtContactsRecord.Parser.ParseFrom(value);
        List<DhtContact> contacts = [];
        foreach (var kept in record.Contacts)
        {
            if (DhtContact.TryDecode(kept.Span, out var contact))
            {
                contacts.Add(contact);
            }
        }

        _keptDhtContacts = contacts;
    }

    private void KeepDhtContacts(IReadOnlyList<DhtContact> contacts)
    {
        var record = new DhtContactsRecord();
        foreach (var contact in contacts)
        {
            record.Contacts.Add(Google.Protobuf.ByteString.CopyFrom(contact.Encode()));
        }

        _services.PutSealed(ColumnFamily.Contacts, StoreKeys.DhtContacts, Google.Protobuf.MessageExtensions.ToByteArray(record));
    }
}
