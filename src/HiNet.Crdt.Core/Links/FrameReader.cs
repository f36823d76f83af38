using System.Buffers;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// Cuts a byte stream into frames: a length of three bytes, little-endian, and a body. The length is judged before any of
/// the body is stored, and room for a body grows with what has arrived of it, not with what was announced.
/// </summary>
internal struct FrameReader
{
    public const int HeaderSize = 3;
    public const int MaxLength = (1 << 24) - 1;
    private const int FirstRoom = 4096;

    private byte[]? _body;
    private int _have;
    private int _headerHave;
    private int _length;
    private bool _handedOut;

    public enum Status
    {
        /// <summary>The input is used up; the rest of the frame has yet to arrive.</summary>
        Incomplete,

        /// <summary>A frame is there.</summary>
        Complete,

        /// <summary>The announced length is outside the bounds.</summary>
        OutOfBounds,
    }

    /// <summary>Bytes that are kept of a frame.</summary>
    public readonly long KeptBytes => _body?.Length ?? 0;

    /// <summary>True when a frame has begun and not ended.</summary>
    public readonly bool IsWithinFrame => _headerHave > 0;

    /// <summary>The length announced by the frame in progress.</summary>
    public readonly int Length => _length;

    /// <summary>
    /// Takes from the front of <paramref name="input"/>. <paramref name="body"/> is a slice of the input where the frame
    /// lies in it as a whole, otherwise of a buffer that lives until the next call.
    /// </summary>
    public Status Read(ref ReadOnlySpan<byte> input, int min, int max, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (_handedOut)
        {
            Release();
        }

        while (_headerHave < HeaderSize)
        {
            if (input.IsEmpty)
            {
                return Status.Incomplete;
            }

            _length |= input[0] << (8 * _headerHave++);
            input = input[1..];
        }

        if (_length < min || _length > max)
        {
            return Status.OutOfBounds;
        }

        if (_have == 0 && input.Length >= _length)
        {
            body = input[.._length];
            input = input[_length..];
            Restart();
            return Status.Complete;
        }

        var taken = Math.Min(_length - _have, input.Length);
        if (taken > 0)
        {
            Reserve(_have + taken);
            input[..taken].CopyTo(_body.AsSpan(_have));
            _have += taken;
            input = input[taken..];
        }

        if (_have < _length)
        {
            return Status.Incomplete;
        }

        body = _body.AsSpan(0, _length);
        _handedOut = true;
        Restart();
        return Status.Complete;
    }

    /// <summary>Gives the buffer back; what was collected of a frame is gone.</summary>
    public void Release()
    {
        _handedOut = false;
        if (_body is not null)
        {
            ArrayPool<byte>.Shared.Return(_body);
            _body = null;
        }
    }

    /// <summary>Gives the buffer back when nothing is collected in it.</summary>
    public void ReleaseIdle()
    {
        if (_have == 0)
        {
            Release();
        }
    }

    private void Restart() => (_have, _headerHave, _length) = (0, 0, 0);

    private void Reserve(int size)
    {
        if (_body is not null && _body.Length >= size)
        {
            return;
        }

        var room = Math.Min(_length, Math.Max(size, Math.Max(FirstRoom, 2 * (_body?.Length ?? 0))));
        var larger = ArrayPool<byte>.Shared.Rent(room);
        if (_body is not null)
        {
            _body.AsSpan(0, _have).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_body);
        }

        _body = larger;
    }
}
