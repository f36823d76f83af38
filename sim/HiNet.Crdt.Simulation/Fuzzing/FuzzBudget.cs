namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// How many steps a replica may do, and how many bytes it may keep, for what it was offered and holds. The engine counts both itself; no
/// clock and no collector has a part in the verdict.
/// </summary>
internal static class FuzzBudget
{
    private const long StepsAtAll = 5_000;
    private const long StepsPerEntry = 60;
    private const long StepsPerBatchAndHead = 6;
    private const long StepsPerAuthorityPair = 48;
    private const long BytesAtAll = 64 * 1024;
    private const long BytesPerEntry = 600;
    private const long BytesPerHead = 512;
    private const long BytesPerAuthorityPair = 512;

    public static void Check(FuzzScene scene, FuzzReplica replica, string name)
    {
        var own = replica.Replica;
        long heads = own.CurrentFrontier().Count + own.Authority.Members.Count + own.Authority.Devices.Count + own.EpochCount;
        var authority = (long)own.AuthorityCount + 1;
        var steps = StepsAtAll + (replica.Offered * StepsPerEntry) + ((replica.Batches + replica.Offered) * heads * StepsPerBatchAndHead)
            + (authority * authority * StepsPerAuthorityPair);
        scene.Record.Greatest("costStepsShare", replica.Steps * 100 / steps);
        FuzzFinding.Require(replica.Steps <= steps, "steps-within-budget", () => $"{name} did {replica.Steps} steps for {replica.Offered} entries in {replica.Batches} batches, with {heads} heads and {authority} authority entries: more than {steps}");

        var bytes = BytesAtAll + (Math.Min((long)own.EntryCount, scene.Options.Bounds.RecentEntries) * BytesPerEntry) + (heads * BytesPerHead)
            + (authority * (authority + heads) * BytesPerAuthorityPair) + replica.OfferedBytes + (replica.Offered * BytesPerEntry);
        scene.Record.Greatest("costBytesShare", own.KeptBytes * 100 / bytes);
        FuzzFinding.Require(own.KeptBytes <= bytes, "bytes-within-budget", () => $"{name} keeps {own.KeptBytes} bytes: more than {bytes}");
        FuzzFinding.Require(
            own.BufferedCount <= scene.Options.CausalBufferEntries && own.ParkedCount <= scene.Options.Bounds.ParkedEntries,
            "within-bounds",
            () => $"{name} lets {own.BufferedCount} entries wait for others and {own.ParkedCount} for their time");
    }
}
