using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>What became of a slot that was read: a problem, or what the device said and when.</summary>
public sealed record OpenedRecord
{
    private OpenedRecord(RecordProblem problem, DeviceContact? contact, DeviceCard? card, long writtenUnixMilliseconds)
    {
        Problem = problem;
        Contact = contact;
        Card = card;
        WrittenUnixMilliseconds = writtenUnixMilliseconds;
    }

    /// <summary>Why there is no record; <see cref="RecordProblem.None"/> when there is one.</summary>
    public RecordProblem Problem { get; }

    /// <summary>Of a record of kind <see cref="RecordKind.Contact"/>; else null.</summary>
    public DeviceContact? Contact { get; }

    /// <summary>Of a record of kind <see cref="RecordKind.Prekeys"/>; else null. Its signatures hold.</summary>
    public DeviceCard? Card { get; }

    /// <summary>When, by the device's own clock; of two records of a device the later one counts. Unix milliseconds; 0 with a problem.</summary>
    public long WrittenUnixMilliseconds { get; }

    internal static OpenedRecord Refused(RecordProblem problem) => new(problem, null, null, 0);

    internal static OpenedRecord Of(DeviceContact? contact, DeviceCard? card, long writtenUnixMilliseconds) =>
        new(RecordProblem.None, contact, card, writtenUnixMilliseconds);
}
