using System.Buffers;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// Rented room for what a link has not sealed yet or has opened. It is wiped before it is given back: whoever rents it next may keep it
/// for long, and a body that was deleted in the meantime would lie in it.
/// </summary>
internal static class PlainBuffer
{
    public static byte[] Rent(int length) => ArrayPool<byte>.Shared.Rent(length);

    /// <param name="buffer">From <see cref="Rent"/>.</param>
    /// <param name="used">Nothing was written behind so many bytes.</param>
    public static void Return(byte[] buffer, int used)
    {
        buffer.AsSpan(0, used).Clear();
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
