using Google.Protobuf;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Adversaries;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>Makes the messages of a conversation's channel: well formed, at their bounds and beyond, or changed on the way.</summary>
internal sealed class ChannelMessages
{
    private const int WantType = 7;
    private const int BodiesType = 8;
    private const int MostRepeats = 120;
    private const int ManyDevices = 3_000;
    private const int ManyForks = 70;

    private readonly SortedDictionary<int, byte[]> _heard = [];

    /// <summary>What the other end said last, by type: some of it is said back.</summary>
    public void Heard(int type, byte[] payload) => _heard[type] = payload;

    public void Say(FuzzOperation operation, HostileChannel channel, MemberWriter writer, Func<long, long, long> draw, Func<int, byte[]> bytes)
    {
        if (operation.Kind == FuzzKind.OpenChannel)
        {
            string[] protocols = ["hinet/conversation/1", "hinet/invite/1", "?", new string('p', 255)];
            channel.Link.OpenAny(protocols[operation.Size % protocols.Length], bytes(operation.Target % 65), bytes(operation.Size % 200));
            return;
        }

        var (type, payload) = Message(operation, writer, bytes);
        var times = operation.Twist == FuzzTwist.MessageRepeated ? 2 + (operation.Size % MostRepeats) : 1;
        for (var i = 0; i < times; i++)
        {
            channel.Send(type, Changed(payload, operation, draw, bytes));
        }
    }

    private (int Type, byte[] Payload) Message(FuzzOperation operation, MemberWriter writer, Func<int, byte[]> bytes) => operation.Kind switch
    {
        FuzzKind.Prove => (HostileChannel.ProveType, _heard.GetValueOrDefault(HostileChannel.ProveType) ?? bytes(80)),
        FuzzKind.Summary => (HostileChannel.SummaryType, operation.Size % 3 == 0 && _heard.TryGetValue(HostileChannel.SummaryType, out var same) ? same : bytes(20 + (operation.Size % 5))),
        FuzzKind.Frontier => (HostileChannel.FrontierType, Frontier(operation, writer, bytes)),
        FuzzKind.Pull => (HostileChannel.PullType, Pull(operation, writer, bytes).ToByteArray()),
        FuzzKind.Segments => (HostileChannel.SegmentsType, Segments(operation, writer)),
        FuzzKind.KnownSegments => (HostileChannel.SegmentsType, KnownSegments(operation, writer)),
        FuzzKind.Consumed => (HostileChannel.ConsumedType, new Consumed { Bytes = (operation.Size % 3) switch { 0 => ulong.MaxValue, 1 => 0, _ => (ulong)operation.Target } }.ToByteArray()),
        FuzzKind.CaughtUp => (HostileChannel.CaughtUpType, new CaughtUp { Digest = ByteString.CopyFrom(bytes(operation.Size % 40)) }.ToByteArray()),
        FuzzKind.Want => (WantType, Want(operation, writer, bytes).ToByteArray()),
        FuzzKind.Bodies => (BodiesType, Bodies(operation, writer, bytes).ToByteArray()),
        _ => (operation.Size % 2 == 0 ? BodiesType + 1 + operation.Target : int.MaxValue / 2, bytes(operation.Size)),
    };

    private byte[] Frontier(FuzzOperation operation, MemberWriter writer, Func<int, byte[]> bytes)
    {
        var heads = writer.Log.Entries
            .GroupBy(entry => entry.Header.Device)
            .Select(chain => chain.MaxBy(entry => (entry.Header.Seq, entry.Id))!)
            .Select(entry => new FrontierHead(entry.Header.Device, entry.Header.Seq, entry.Id))
            .ToList();
        switch (operation.Size % 7)
        {
            case 0:
                break;
            case 1:
                heads = [.. heads.Select(head => head with { Seq = head.Seq + 1 + (ulong)operation.Target, Head = new EntryId(bytes(32)) })];
                break;
            case 2:
                heads = [.. heads.Select(head => head with { Head = new EntryId(bytes(32)) })];
                break;
            case 3:
                heads = [.. heads.Select(head => head with { Seq = ulong.MaxValue, Head = new EntryId(bytes(32)) })];
                break;
            case 4:
                heads.AddRange(Enumerable.Range(0, operation.Target % ManyForks).Select(_ => heads[0] with { Head = new EntryId(bytes(32)) }));
                break;
            case 5:
                heads.AddRange(Enumerable.Range(0, operation.Target * 4 % ManyDevices).Select(i => new FrontierHead(new DeviceId(bytes(32)), (ulong)i, new EntryId(bytes(32)))));
                break;
            default:
                heads = [];
                break;
        }

        return operation.Target % 5 == 4 && _heard.TryGetValue(HostileChannel.FrontierType, out var same) ? same : Core.Log.Frontier.From(heads).Encode();
    }

    private static Pull Pull(FuzzOperation operation, MemberWriter writer, Func<int, byte[]> bytes)
    {
        var pull = new Pull();
        for (var i = 0; i < operation.Size % 40; i++)
        {
            pull.ForkedDevices.Add(ByteString.CopyFrom(i % 3 == 0 ? bytes(31 + (operation.Target % 3)) : writer.Log.Entries[i % writer.Log.Entries.Count].Header.Device.ToArray()));
        }

        return pull;
    }

    private static byte[] Segments(FuzzOperation operation, MemberWriter writer)
    {
        switch (operation.Size % 6)
        {
            case 0:
                return MemberWriter.Segments(writer.Sign(writer.Say($"said {operation.Target}")));
            case 1:
                return MemberWriter.Segments(writer.Sign(writer.SayBlindly($"blindly {operation.Target}")), writer.Sign(writer.SayBlindly("and again")));
            case 2:
                var header = writer.Draft();
                return MemberWriter.Segments(writer.Sign(writer.Write(header with { Parents = [new EntryId(header.Authority)], Depth = header.Depth + 1 }, new MessageBody { Text = "an orphan" })));
            case 3:
                // Two entries at one place, of which the other end gets one.
                var head = writer.Head;
                writer.Say("kept back");
                writer.Head = head;
                return MemberWriter.Segments(writer.Sign(writer.Say($"instead {operation.Target}")));
            case 4:
                return [];
            default:
                return MemberWriter.Segments([.. Enumerable.Range(0, 1 + (operation.Target % 30)).Select(i => writer.Sign(writer.SayBlindly($"{i} of many")))]);
        }
    }

    /// <summary>Entries of others, as they were signed, or in a way in which no honest node passes them on.</summary>
    private static byte[] KnownSegments(FuzzOperation operation, MemberWriter writer)
    {
        var entry = writer.Log.Entries[operation.Target % writer.Log.Entries.Count];
        var known = Entry.FromStore(entry.Header, entry.HeaderBytes, entry.Id, operation.Size % 3 == 0 ? null : entry.Body);
        var signature = writer.Log.SignatureOf(entry.Header.Device) ?? new byte[EntryLimits.SignatureBytes];
        return MemberWriter.Segments(new SignedRun(entry.Header.Device, [known], signature));
    }

    private static Want Want(FuzzOperation operation, MemberWriter writer, Func<int, byte[]> bytes)
    {
        var want = new Want();
        int[] counts = [1, 2, 63, 64, 65, 1_000];
        for (var i = 0; i < counts[operation.Size % counts.Length]; i++)
        {
            want.Entries.Add(ByteString.CopyFrom(operation.Target % 4 == 0 ? bytes(32) : operation.Target % 17 == 16 ? bytes(i % 40) : writer.Log.Entries[i % writer.Log.Entries.Count].Id.ToArray()));
        }

        return want;
    }

    private static Bodies Bodies(FuzzOperation operation, MemberWriter writer, Func<int, byte[]> bytes)
    {
        var answer = new Bodies { Considered = operation.Target % 3 == 0 ? uint.MaxValue : (uint)operation.Target };
        for (var i = 0; i < operation.Size % 30; i++)
        {
            var entry = writer.Log.Entries[(operation.Target + i) % writer.Log.Entries.Count];
            answer.Bodies_.Add(new Body { Entry = ByteString.CopyFrom(entry.Id.ToArray()), Sealed = ByteString.CopyFrom(bytes(operation.Size)) });
            answer.Erased.Add(ByteString.CopyFrom(operation.Size % 7 == 6 ? bytes(i) : entry.Id.ToArray()));
        }

        return answer;
    }

    private static byte[] Changed(byte[] payload, FuzzOperation operation, Func<long, long, long> draw, Func<int, byte[]> bytes)
    {
        switch (operation.Twist)
        {
            case FuzzTwist.MessageCut:
                return payload[..(payload.Length == 0 ? 0 : (int)draw(0, payload.Length - 1))];
            case FuzzTwist.MessageExtended:
                return [.. payload, .. bytes(1 + (operation.Size % 100))];
            case FuzzTwist.MessageFlipped when payload.Length > 0:
                byte[] flipped = [.. payload];
                flipped[(int)draw(0, payload.Length - 1)] ^= (byte)(1 << (operation.Size % 8));
                return flipped;
            case FuzzTwist.MessageGarbled:
                return bytes(payload.Length + (operation.Size % 30));
            case FuzzTwist.MessageEmpty:
                return [];
            case FuzzTwist.MessageLongest:
                return [.. payload, .. new byte[Math.Max(0, LinkOptions.MaxPayload - 64 - payload.Length)]];
            default:
                return payload;
        }
    }
}
