using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

/// <summary>
/// Whether cards are valid, which takes two signatures and two key agreements. Two nodes show each other the same two cards once for each
/// conversation that they share, so the digests of those found valid last are kept. Who shows many cards only makes a node look again.
/// </summary>
/// <param name="cryptography">What checks them.</param>
/// <param name="most">How many are remembered.</param>
internal sealed class ValidCards(ICryptography cryptography, int most)
{
    private readonly HashSet<Bytes32> _valid = [];

    /// <summary>The same as <see cref="_valid"/>, in the order in which they were found; <c>most</c> of them at most.</summary>
    private readonly Queue<Bytes32> _order = new();

    public int Count => _order.Count;

    /// <summary><see cref="DeviceCard.IsValid"/>.</summary>
    public bool Contains(DeviceCard card)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        cryptography.Blake2b(card.Encode(), bytes);
        var digest = new Bytes32(bytes);
        if (_valid.Contains(digest))
        {
            return true;
        }

        if (!card.IsValid(cryptography))
        {
            return false;
        }

        if (_order.Count == most)
        {
            _valid.Remove(_order.Dequeue());
        }

        _valid.Add(digest);
        _order.Enqueue(digest);
        return true;
    }
}
