using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// What a node shows of each message equals a plain model, computed from the entries on its disk with none of the engine's
/// indexes: an author's deletion is final, else the author's last edit counts, else the text; the last word of each person on
/// each emoji; received and read by whom the receipts say, each once.
/// </summary>
internal sealed class ContentModel(InvariantChecker checker) : Invariant(checker)
{
    private const int LargestPage = 10_000;

    public override string Id => "content-model";

    public override void Quiet()
    {
        foreach (var ledger in Checker.Ledgers)
        {
            foreach (var process in Checker.Processes)
            {
                if (process.Home is EngineHome home && ledger.Held(process.Index) > 0 && HomeLog.TryOpen(home, ledger.Id) is { } log)
                {
                    Compare(process, log);
                }
            }
        }
    }

    private void Compare(NodeProcess process, HomeLog log)
    {
        var model = new Model(log, OwnerOf);
        foreach (var shown in process.Home.Reader.ReadPage(log.Conversation, LargestPage, null))
        {
            if (model.Problem(shown, process.Home.Self.Id) is { } problem)
            {
                Fail($"node {process.Index} shows message {shown.Id} of {log.Conversation} {problem}");
            }
        }
    }

    private IdentityId OwnerOf(DeviceId device) => Checker.HomeOf(device)?.Home.Self.Id ?? default;

    private sealed class Model
    {
        private readonly HomeLog _log;
        private readonly Func<DeviceId, IdentityId> _ownerOf;
        private readonly SortedDictionary<EntryId, StoredEntry> _entries = [];
        private readonly SortedSet<(EntryId Target, IdentityId By)> _deletions = [];
        private readonly SortedDictionary<(EntryId Target, IdentityId By), List<(HybridTimestamp Time, EntryId Id, string Text)>> _edits = [];
        private readonly SortedDictionary<(EntryId Target, IdentityId By, string Emoji), (HybridTimestamp Time, EntryId Id, bool Remove)> _reactions = [];
        private readonly SortedDictionary<(IdentityId By, DeviceId Device), ulong> _delivered = [];
        private readonly SortedDictionary<IdentityId, (HybridTimestamp Time, EntryId Id)> _read = [];

        public Model(HomeLog log, Func<DeviceId, IdentityId> ownerOf)
        {
            _log = log;
            _ownerOf = ownerOf;
            foreach (var entry in log.Entries)
            {
                _entries[entry.Id] = entry;
                if (log.Open(entry) is { } plaintext)
                {
                    Take(entry, ownerOf(entry.Header.Device), plaintext);
                }
            }
        }

        /// <summary>What is wrong with a message as it is shown; null when nothing is.</summary>
        public string? Problem(Message shown, IdentityId reader)
        {
            if (!_entries.TryGetValue(shown.Id, out var entry) || entry.Header.Kind != EntryKind.Message)
            {
                return null;
            }

            var author = _ownerOf(entry.Header.Device);
            var isDeleted = _deletions.Contains((shown.Id, author));
            if (shown.IsDeleted != isDeleted)
            {
                return isDeleted ? "although its author deleted it" : "as deleted, which its author did not ask for";
            }

            return isDeleted
                ? shown.Text is null ? null : "deleted and with a text"
                : TextProblem(shown, entry, author) ?? ReactionProblem(shown) ?? ReceiptProblem(shown, entry, reader);
        }

        private void Take(StoredEntry entry, IdentityId author, byte[] plaintext)
        {
            try
            {
                switch (entry.Header.Kind)
                {
                    case EntryKind.Delete:
                        foreach (var target in DeleteBody.Parser.ParseFrom(plaintext).Targets)
                        {
                            _deletions.Add((IdOf(target), author));
                        }

                        break;
                    case EntryKind.Edit:
                        var edit = EditBody.Parser.ParseFrom(plaintext);
                        if (!_edits.TryGetValue((IdOf(edit.Target), author), out var edits))
                        {
                            _edits.Add((IdOf(edit.Target), author), edits = []);
                        }

                        edits.Add((entry.Header.Hlc, entry.Id, edit.Text));
                        break;
                    case EntryKind.Reaction:
                        var reaction = ReactionBody.Parser.ParseFrom(plaintext);
                        var key = (IdOf(reaction.Target), author, reaction.Emoji);
                        if (!_reactions.TryGetValue(key, out var last) || (last.Time, last.Id).CompareTo((entry.Header.Hlc, entry.Id)) < 0)
                        {
                            _reactions[key] = (entry.Header.Hlc, entry.Id, reaction.Remove);
                        }

                        break;
                    case EntryKind.Receipt:
                        Take(author, ReceiptBody.Parser.ParseFrom(plaintext));
                        break;
                }
            }
            catch (InvalidProtocolBufferException)
            {
                // A member's bytes of no meaning say nothing.
            }
        }

        private void Take(IdentityId author, ReceiptBody receipt)
        {
            foreach (var mark in receipt.Delivered)
            {
                if (mark.Device.Length == Bytes32.Size)
                {
                    var place = (author, new DeviceId(mark.Device.Span));
                    _delivered[place] = Math.Max(_delivered.GetValueOrDefault(place), mark.Seq + 1);
                }
            }

            if (_entries.TryGetValue(IdOf(receipt.ReadUpTo), out var message)
                && (message.Header.Hlc, message.Id).CompareTo(_read.GetValueOrDefault(author)) > 0)
            {
                _read[author] = (message.Header.Hlc, message.Id);
            }
        }

        private string? TextProblem(Message shown, StoredEntry entry, IdentityId author)
        {
            string? text;
            if (_edits.TryGetValue((shown.Id, author), out var edits))
            {
                text = edits.MaxBy(edit => (edit.Time, edit.Id)).Text;
            }
            else
            {
                text = _log.Open(entry) is { } plaintext ? MessageBody.Parser.ParseFrom(plaintext).Text : null;
            }

            return shown.Text == text ? null : $"with the text \"{shown.Text}\" instead of \"{text}\"";
        }

        private string? ReactionProblem(Message shown)
        {
            var expected = _reactions
                .Where(pair => pair.Key.Target == shown.Id && !pair.Value.Remove && pair.Key.Emoji.Length > 0)
                .Select(pair => (pair.Key.Emoji, pair.Key.By));
            var found = shown.Reactions.SelectMany(reaction => reaction.By.Select(person => (reaction.Emoji, By: person.Id))).ToList();
            return found.Count == expected.Count() && expected.All(found.Contains) ? null : $"with {found.Count} reactions instead of {expected.Count()}";
        }

        private string? ReceiptProblem(Message shown, StoredEntry entry, IdentityId reader)
        {
            if (shown.Receipts.Select(receipt => receipt.Identity).Distinct().Count() != shown.Receipts.Count)
            {
                return "with two receipts of one member";
            }

            foreach (var receipt in shown.Receipts)
            {
                var isRead = (entry.Header.Hlc, entry.Id).CompareTo(_read.GetValueOrDefault(receipt.Identity)) <= 0;
                var isDelivered = isRead || receipt.Identity == reader
                    || _delivered.GetValueOrDefault((receipt.Identity, entry.Header.Device)) > entry.Header.Seq;
                if (receipt.Read != isRead || receipt.Delivered != isDelivered)
                {
                    return $"as {(receipt.Delivered ? "delivered" : "not delivered")} and {(receipt.Read ? "read" : "not read")} by {receipt.Identity}, unlike its receipts";
                }
            }

            return null;
        }

        private static EntryId IdOf(ByteString bytes) => bytes.Length == Bytes32.Size ? new EntryId(bytes.Span) : default;
    }
}
