using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>Writes the entries of operations by hand: validly signed, by a device whose keys the case holds, and right or wrong in everything else.</summary>
internal sealed class FuzzWriter(FuzzScene scene, FuzzPool pool)
{
    private const int LongestBurst = 70;
    private const int LongestFlood = 290;
    private const int MostIntroductions = 8;
    private const int MostStrangers = 4;

    private readonly FuzzHeaders _headers = new(scene, pool);
    private readonly FuzzContent _content = new(scene, pool);
    private readonly FuzzControl _control = new(scene, pool);

    /// <summary>As it stands in the list; what is written at a time may be one of several.</summary>
    private FuzzOperation? _operation;

    /// <summary>What the operation writes, in order; empty when it finds nothing to go on from.</summary>
    public IReadOnlyList<FuzzEntry> Write(FuzzOperation operation)
    {
        _operation = operation;
        var writer = WriterOf(operation);
        var times = operation.Kind switch
        {
            FuzzKind.Burst => 2 + (operation.Size % LongestBurst),
            FuzzKind.EpochFlood => 2 + (operation.Size % LongestFlood),
            FuzzKind.Crowd => 1 + (operation.Size % MostIntroductions),
            _ => 1,
        };
        List<FuzzEntry> written = [];
        for (var i = 0; i < times; i++)
        {
            if (Write(writer, Repeated(operation, i)) is { } entry)
            {
                written.Add(entry);
                scene.Scribe.Offer(new SignedRun(writer.Device, [entry.Given], writer.Sign(entry.Id)));
            }
        }

        return written;
    }

    /// <summary>Mostly a device that may write, or most of what is written would be refused for one reason.</summary>
    private FuzzDevice WriterOf(FuzzOperation operation)
    {
        var authority = scene.Scribe.Replica.Authority;
        List<FuzzDevice> members = operation.Who % MostStrangers == MostStrangers - 1 ? [] : [.. scene.Devices.Where(device => authority.MayWrite(device.Device))];
        return members.Count == 0 ? scene.Devices[operation.Who / MostStrangers % scene.Devices.Count] : members[operation.Who / MostStrangers % members.Count];
    }

    /// <summary>One of several: a burst goes on and on, epochs of a flood know nothing of each other.</summary>
    private static FuzzOperation Repeated(FuzzOperation operation, int i) => operation.Kind switch
    {
        FuzzKind.Burst => operation with { Target = operation.Target + i, Size = 0 },
        FuzzKind.EpochFlood => operation with { Kind = FuzzKind.Epoch, Past = FuzzPast.OwnChain, Target = 1, Size = 0 },
        FuzzKind.Crowd => operation with { Target = operation.Target + i },
        _ => operation,
    };

    private FuzzEntry? Write(FuzzDevice writer, FuzzOperation operation) =>
        operation.Kind is >= FuzzKind.Message and <= FuzzKind.Invitation or FuzzKind.UnknownContent
            ? WriteContent(writer, operation)
            : WriteControl(writer, operation);

    private FuzzEntry? WriteContent(FuzzDevice writer, FuzzOperation operation)
    {
        var epoch = operation.Twist switch
        {
            FuzzTwist.EpochOld => pool.Pick(operation.Target, entry => entry.Header.Kind == EntryKind.Epoch)?.Id,
            FuzzTwist.EpochMissing => new EntryId(scene.Conversation.Value),
            FuzzTwist.EpochOfAnotherKind => pool.Pick(operation.Target, entry => entry.Header.Kind != EntryKind.Epoch)?.Id,
            _ => pool.Epochs.FindLast(scene.Scribe.Replica.Knows),
        };
        var (kind, body) = _content.Write(operation);
        return epoch is { Value.IsZero: false } under && _headers.Draft(writer, kind, operation) is { } header
            ? Seal(writer, header with { Epoch = under }, pool.SecretOf(under) ?? scene.ControlKey, body.ToByteArray(), operation, null)
            : null;
    }

    private FuzzEntry? WriteControl(FuzzDevice writer, FuzzOperation operation)
    {
        var (kind, body, secret) = _control.Write(writer, operation);
        return _headers.Draft(writer, kind, operation) is { } header ? Seal(writer, header, scene.ControlKey, body, operation, secret) : null;
    }

    private FuzzEntry? Seal(FuzzDevice writer, EntryHeader header, byte[] key, byte[] plaintext, FuzzOperation operation, byte[]? epochSecret)
    {
        plaintext = operation.Twist switch
        {
            FuzzTwist.BodyLongest => [.. plaintext, .. Unknown(BodyCipher.MaxPlaintextBytes - plaintext.Length)],
            FuzzTwist.BodyPadded => [.. plaintext, .. Unknown(operation.Size % 90)],
            FuzzTwist.BodyGarbled => Garbled(operation),
            _ => plaintext.Length > BodyCipher.MaxPlaintextBytes ? plaintext[..BodyCipher.MaxPlaintextBytes] : plaintext,
        };
        var body = operation.Twist switch
        {
            FuzzTwist.BodyEmpty => [],
            FuzzTwist.BodyShort => new byte[1 + (operation.Size % (BodyCipher.Overhead - 1))],
            FuzzTwist.BodyUnderAnotherKey => Sealed(new byte[Bytes32.Size], header, plaintext),
            _ => Sealed(key, header, plaintext),
        };
        var entry = Entry.CreateWithBody(scene.Cryptography, header, body);
        return pool.Add(entry, writer, _operation, operation.Twist != FuzzTwist.BodyAbsent, epochSecret);
    }

    private byte[] Sealed(byte[] key, EntryHeader header, byte[] plaintext) =>
        BodyCipher.Seal(scene.Cryptography, key, EntryCodec.EncodePrefix(header), plaintext);

    /// <summary>A field that no version knows, of so many bytes in all; none where they are too few for one.</summary>
    private static byte[] Unknown(int bytes)
    {
        const int Most = 5;
        if (bytes <= Most)
        {
            return [];
        }

        // Field 15, bytes: a tag of one byte and a length in four, the last of which is padded.
        var length = bytes - Most;
        byte[] field = new byte[bytes];
        field[0] = (15 << 3) | 2;
        field[1] = (byte)(0x80 | (length & 0x7F));
        field[2] = (byte)(0x80 | ((length >> 7) & 0x7F));
        field[3] = (byte)(0x80 | ((length >> 14) & 0x7F));
        field[4] = 0;
        return field;
    }

    private static byte[] Garbled(FuzzOperation operation)
    {
        var bytes = new byte[1 + (operation.Size % 60)];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(Kernel.KeyedRandom.Mix((ulong)((operation.Target * 64) + i)) >> 8);
        }

        return bytes;
    }
}
