namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// Whether links may be read, by what waits of what they have brought. Reading stops at either bound and goes on at half of
/// both, so that a busy node does not wake its links for every buffer.
/// </summary>
public sealed class ReadPressure
{
    /// <summary>Bytes that may wait for the machine before links stop reading: 1 MiB.</summary>
    public const long MaximumBytes = 1 << 20;

    /// <summary>Signature checks that may wait before links stop reading: some 40 ms of work on two cores.</summary>
    public const int MaximumChecks = 2048;

    /// <summary>Bytes that wait; never negative.</summary>
    public long Bytes { get; private set; }

    /// <summary>Checks that wait; never negative.</summary>
    public int Checks { get; private set; }

    /// <summary>Whether links may be read.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>More waits. True when reading has to stop because of it.</summary>
    public bool Add(long bytes, int checks)
    {
        Bytes += bytes;
        Checks += checks;
        if (!IsOpen || (Bytes < MaximumBytes && Checks < MaximumChecks))
        {
            return false;
        }

        IsOpen = false;
        return true;
    }

    /// <summary>Less waits. True when reading goes on because of it.</summary>
    public bool Remove(long bytes, int checks)
    {
        if (bytes > Bytes || checks > Checks)
        {
            throw new ArgumentException($"Only {Bytes} bytes and {Checks} checks wait, not {bytes} and {checks}.");
        }

        Bytes -= bytes;
        Checks -= checks;
        if (IsOpen || Bytes > MaximumBytes / 2 || Checks > MaximumChecks / 2)
        {
            return false;
        }

        return IsOpen = true;
    }
}
