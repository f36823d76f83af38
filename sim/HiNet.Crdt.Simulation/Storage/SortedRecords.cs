namespace HiNet.Crdt.Simulation.Storage;

/// <summary>
/// Keys and values in byte order: a list of sorted blocks, so that a change moves at most one block and a range is read in
/// place. Arrays that were handed over are kept, never modified.
/// </summary>
internal sealed class SortedRecords
{
    private const int BlockCapacity = 128;

    private readonly List<Block> _blocks = [new Block()];

    public long Count { get; private set; }

    public byte[]? Get(ReadOnlySpan<byte> key)
    {
        var block = _blocks[BlockOf(key)];
        var at = block.Find(key, out var found);
        return found ? block.Values[at] : null;
    }

    /// <summary>Puts a value, or deletes the key with a null one. The value that was there before, or null.</summary>
    public byte[]? Set(byte[] key, byte[]? value)
    {
        var index = BlockOf(key);
        var block = _blocks[index];
        var at = block.Find(key, out var found);
        if (found)
        {
            var before = block.Values[at];
            if (value is not null)
            {
                block.Values[at] = value;
            }
            else
            {
                Remove(index, at);
            }

            return before;
        }

        if (value is not null)
        {
            Insert(index, at, key, value);
        }

        return null;
    }

    /// <summary>The same keys and values, to be changed by themselves.</summary>
    public SortedRecords Copy()
    {
        var copy = new SortedRecords();
        for (var place = Start; place != End; place = Next(place))
        {
            copy.Set(Key(place), Value(place));
        }

        return copy;
    }

    /// <summary>The place of the first key that is not below <paramref name="key"/>.</summary>
    public Place Seek(ReadOnlySpan<byte> key)
    {
        var index = BlockOf(key);
        return Settle(new Place(index, _blocks[index].Find(key, out _)));
    }

    public Place Start => Settle(new Place(0, 0));

    public Place End => new(_blocks.Count, 0);

    public Place Next(Place place) => Settle(new Place(place.Block, place.At + 1));

    /// <summary>The place before; <see cref="Start"/> has none.</summary>
    public Place Previous(Place place)
    {
        if (place.At > 0)
        {
            return new Place(place.Block, place.At - 1);
        }

        var block = place.Block - 1;
        while (_blocks[block].Count == 0)
        {
            block--;
        }

        return new Place(block, _blocks[block].Count - 1);
    }

    public byte[] Key(Place place) => _blocks[place.Block].Keys[place.At];

    public byte[] Value(Place place) => _blocks[place.Block].Values[place.At];

    private Place Settle(Place place)
    {
        while (place.Block < _blocks.Count && place.At >= _blocks[place.Block].Count)
        {
            place = new Place(place.Block + 1, 0);
        }

        return place;
    }

    // The last block whose first key is not above the key.
    private int BlockOf(ReadOnlySpan<byte> key)
    {
        int low = 0, high = _blocks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_blocks[middle].Keys[0].AsSpan().SequenceCompareTo(key) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private void Insert(int index, int at, byte[] key, byte[] value)
    {
        var block = _blocks[index];
        if (block.Count == BlockCapacity)
        {
            // Appending in order fills the blocks; anything else halves them.
            var keep = index == _blocks.Count - 1 && at == BlockCapacity ? BlockCapacity : BlockCapacity / 2;
            _blocks.Insert(index + 1, block.SplitAt(keep));
            if (at > keep || keep == BlockCapacity)
            {
                block = _blocks[index + 1];
                at -= keep;
            }
        }

        block.Insert(at, key, value);
        Count++;
    }

    private void Remove(int index, int at)
    {
        _blocks[index].RemoveAt(at);
        Count--;
        if (_blocks[index].Count == 0 && _blocks.Count > 1)
        {
            _blocks.RemoveAt(index);
        }
    }

    internal readonly record struct Place(int Block, int At);

    private sealed class Block
    {
        public byte[][] Keys { get; } = new byte[BlockCapacity][];

        public byte[][] Values { get; } = new byte[BlockCapacity][];

        public int Count { get; private set; }

        public int Find(ReadOnlySpan<byte> key, out bool found)
        {
            int low = 0, high = Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                var order = Keys[middle].AsSpan().SequenceCompareTo(key);
                if (order == 0)
                {
                    found = true;
                    return middle;
                }

                (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
            }

            found = false;
            return low;
        }

        public void Insert(int at, byte[] key, byte[] value)
        {
            Array.Copy(Keys, at, Keys, at + 1, Count - at);
            Array.Copy(Values, at, Values, at + 1, Count - at);
            Keys[at] = key;
            Values[at] = value;
            Count++;
        }

        public void RemoveAt(int at)
        {
            Count--;
            Array.Copy(Keys, at + 1, Keys, at, Count - at);
            Array.Copy(Values, at + 1, Values, at, Count - at);
            Keys[Count] = Values[Count] = null!;
        }

        public Block SplitAt(int keep)
        {
            var right = new Block { Count = Count - keep };
            Array.Copy(Keys, keep, right.Keys, 0, right.Count);
            Array.Copy(Values, keep, right.Values, 0, right.Count);
            Array.Clear(Keys, keep, right.Count);
            Array.Clear(Values, keep, right.Count);
            Count = keep;
            return right;
        }
    }
}
