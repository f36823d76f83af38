using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Messages of one device, written one at a time, each with a signature of its own and ready for the link by itself.</summary>
/// <param name="Conversation">The direct conversation that they are in.</param>
/// <param name="Segments">One message of the sync protocol for each signature. The device's first entries share one.</param>
/// <param name="Entries">How many entries there are.</param>
internal sealed record SignedHistory(ConversationId Conversation, IReadOnlyList<byte[]> Segments, int Entries)
{
    /// <summary>Writes texts to the person whose invite is given.</summary>
    public static SignedHistory Write(HomeSecrets author, string invite, IReadOnlyList<string> texts)
    {
        using var node = new LocalNode(author);
        var contact = node.Execute<NodeResult.Added>(new NodeCommand.AddContact(invite, null)).Contact;
        var conversation = node.Execute<NodeResult.Opened>(new NodeCommand.OpenDirect(contact.Id)).Conversation;
        foreach (var text in texts)
        {
            node.Execute<NodeResult.Written>(new NodeCommand.SendText(conversation, text, null));
        }

        return Read(node.Store, conversation);
    }

    private static SignedHistory Read(IStoreReader store, ConversationId conversation)
    {
        var segments = new List<byte[]>();
        var run = new List<Entry>();
        var entries = 0;
        using var iterator = store.Scan(ColumnFamily.Entries, [], []);
        while (iterator.MoveNext())
        {
            var record = new EntryRecord(iterator.Value);
            if (!Entry.TryDecode(SodiumCryptography.Instance, record.Header.ToArray(), record.Body.ToArray(), out var entry, out var problem))
            {
                throw new InvalidOperationException($"An entry that was just written cannot be read: {problem}.");
            }

            run.Add(entry);
            entries++;
            if (!record.Signature.IsEmpty)
            {
                var writer = new SegmentWriter();
                writer.Write(new SignedRun(entry.Header.Device, run, record.Signature.ToArray()));
                segments.Add(writer.Written.ToArray());
                run = [];
            }
        }

        return new SignedHistory(conversation, segments, entries);
    }
}
