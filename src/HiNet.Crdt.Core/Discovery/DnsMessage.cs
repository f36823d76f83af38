namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// A DNS message (RFC 1035, section 4) as multicast DNS uses it. Reading passes over records and questions of other classes
/// and of types that we do not know, EDNS among them, and refuses a message whose bytes do not hold together.
/// </summary>
public sealed record DnsMessage
{
    /// <summary>The largest message that is read, in bytes (RFC 6762, section 17).</summary>
    public const int MaximumLength = 9000;

    /// <summary>The largest message that we send, in bytes: one Ethernet frame.</summary>
    public const int MaximumSent = 1440;

    private const int ResponseFlag = 0x8000;
    private const int AuthoritativeFlag = 0x0400;
    private const int TruncatedFlag = 0x0200;

    /// <summary>0 in multicast; a legacy asker's own otherwise.</summary>
    public ushort Id { get; init; }

    public bool IsResponse { get; init; }

    /// <summary>More known answers follow (RFC 6762, section 7.2).</summary>
    public bool IsTruncated { get; init; }

    /// <summary>False for an opcode or a response code that is not zero: to be ignored (RFC 6762, sections 18.3 and 18.11).</summary>
    public bool IsOrdinary { get; init; } = true;

    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    public IReadOnlyList<DnsRecord> Additionals { get; init; } = [];

    /// <summary>The message in these bytes, or null when they hold none. Bytes after it are ignored.</summary>
    public static DnsMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new DnsReader(bytes);
        if (bytes.Length > MaximumLength
            || !reader.TryReadUInt16(out var id) || !reader.TryReadUInt16(out var flags)
            || !reader.TryReadUInt16(out var questionCount) || !reader.TryReadUInt16(out var answerCount)
            || !reader.TryReadUInt16(out var authorityCount) || !reader.TryReadUInt16(out var additionalCount)
            || reader.ReadQuestions(questionCount) is not { } questions || reader.ReadRecords(answerCount) is not { } answers
            || reader.ReadRecords(authorityCount) is not { } authorities || reader.ReadRecords(additionalCount) is not { } additionals)
        {
            return null;
        }

        return new DnsMessage
        {
            Id = id,
            IsResponse = (flags & ResponseFlag) != 0,
            IsTruncated = (flags & TruncatedFlag) != 0,
            IsOrdinary = (flags & 0x780f) == 0,
            Questions = questions,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
        };
    }

    /// <summary>
    /// The bytes of the message. <paramref name="compressData"/> is false for legacy unicast answers, whose receivers may not
    /// know compressed names in SRV and NSEC (RFC 6762, section 18.14).
    /// </summary>
    /// <exception cref="InvalidOperationException">The message is longer than <see cref="MaximumLength"/>.</exception>
    public byte[] Write(bool compressData = true)
    {
        var writer = new DnsWriter(compressData);
        writer.WriteUInt16(Id);
        writer.WriteUInt16((ushort)((IsResponse ? ResponseFlag | AuthoritativeFlag : 0) | (IsTruncated ? TruncatedFlag : 0)));
        writer.WriteUInt16((ushort)Questions.Count);
        writer.WriteUInt16((ushort)Answers.Count);
        writer.WriteUInt16((ushort)Authorities.Count);
        writer.WriteUInt16((ushort)Additionals.Count);
        foreach (var question in Questions)
        {
            writer.WriteQuestion(question);
        }

        foreach (var section in (ReadOnlySpan<IReadOnlyList<DnsRecord>>)[Answers, Authorities, Additionals])
        {
            foreach (var record in section)
            {
                writer.WriteRecord(record);
            }
        }

        return writer.Length <= MaximumLength
            ? writer.ToArray()
            : throw new InvalidOperationException($"A message has {writer.Length} bytes; it has at most {MaximumLength}.");
    }
}
