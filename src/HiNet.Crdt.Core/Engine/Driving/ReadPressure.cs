namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// Whether links may be read, by what waits of what they have brought: for the machine, for the verifiers, for the disk. Reading stops
/// at any bound and goes on at half of all, so that a busy node does not wake its links for every buffer.
/// </summary>
public sealed class ReadPressure
{
    /// <summary>Bytes that may wait for the machine before links stop reading: 1 MiB.</summary>
    public const long MaximumBytes = 1 << 20;

    /// <summary>Signature checks that may wait before links stop reading: some 40 ms of work on two cores.</summary>
    public const int MaximumChecks = 2048;

    /// <summary>
    /// Bytes that may wait for the disk (<see cref="UnwrittenInput"/>) before links stop reading: 32 MiB, which is what eight links may
    /// have under way. So a disk that stands still holds up the links, and memory does not grow with their number.
    /// </summary>
    public const long MaximumUnwritten = 32 << 20;

    /// <summary>Bytes that wait; never negative.</summary>
    public long Bytes { get; private set; }

    /// <summary>Checks that wait; never negative.</summary>
    public int Checks { get; private set; }

    /// <summary>Bytes that the machine was given and whose outcome is not on the disk yet; never negative.</summary>
    public long Unwritten { get; private set; }

    /// <summary>Whether links may be read.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>More waits. True when reading has to stop because of it.</summary>
    public bool Add(long bytes, int checks, long unwritten = 0)
    {
        Bytes += bytes;
        Checks += checks;
        Unwritten += unwritten;
        if (!IsOpen || (Bytes < MaximumBytes && Checks < MaximumChecks && Unwritten < MaximumUnwritten))
        {
            return false;
        }

        IsOpen = false;
        return true;
    }

    /// <summary>Less waits. True when reading goes on because of it.</summary>
    public bool Remove(long bytes, int checks, long unwritten = 0)
    {
        if (bytes > Bytes || checks > Checks || unwritten > Unwritten)
        {
            throw new ArgumentException(
                $"Only {Bytes} bytes, {Checks} checks and {Unwritten} unwritten bytes wait, not {bytes}, {checks} and {unwritten}.");
        }

        Bytes -= bytes;
        Checks -= checks;
        Unwritten -= unwritten;
        if (IsOpen || Bytes > MaximumBytes / 2 || Checks > MaximumChecks / 2 || Unwritten > MaximumUnwritten / 2)
        {
            return false;
        }

        return IsOpen = true;
    }
}
