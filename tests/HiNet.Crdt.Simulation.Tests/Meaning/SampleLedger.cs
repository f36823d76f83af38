using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Tests.Meaning;

/// <summary>A conversation's entries, written down by hand: one number each for id and time.</summary>
internal sealed class SampleLedger
{
    private static readonly ConversationId s_conversation = new(Key(200));

    public ConversationLedger Ledger { get; } = new(s_conversation);

    public static IdentityId Person(int number) => new(Key(100 + number));

    public static EntryId Id(int number) => new(Key(number));

    /// <summary>An entry of that time, behind others.</summary>
    public LedgerEntry Add(int number, ulong time, params int[] behind) => Ledger.Note(
        0,
        new AppliedEntry(s_conversation, Id(number), new DeviceId(Key(number)), 0, null, [.. behind.Select(Id)], time, IsMessage: false, EntryKind.SetRole),
        out _);

    private static byte[] Key(int number)
    {
        var bytes = new byte[Bytes32.Size];
        bytes[0] = (byte)number;
        return bytes;
    }
}
