using System.Collections;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>An entry that somebody wrote in a case.</summary>
/// <param name="Number">Its place among all, from 0.</param>
/// <param name="Entry">With its body.</param>
/// <param name="Writer">Whose chain it is in.</param>
/// <param name="Operation">What made it; null for the beginning, and for what a replica wrote by itself.</param>
/// <param name="HasBody">Its body can be had; where not, nobody ever has it.</param>
/// <param name="Past">The numbers of all known entries behind it, itself among them.</param>
internal sealed record FuzzEntry(int Number, Entry Entry, FuzzDevice Writer, FuzzOperation? Operation, bool HasBody, BitArray Past)
{
    public EntryId Id => Entry.Id;

    public EntryHeader Header => Entry.Header;

    /// <summary>As it is handed over.</summary>
    public Entry Given => HasBody ? Entry : Entry.WithBody(null);
}
