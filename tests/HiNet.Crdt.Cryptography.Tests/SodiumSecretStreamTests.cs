using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography.Tests;

[Collection("Secret streams")]
public sealed class SodiumSecretStreamTests
{
    private static readonly byte[] s_key = Enumerable.Range(1, 32).Select(value => (byte)value).ToArray();

    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;
    private readonly byte[] _header = new byte[24];

    /// <summary>Frames that another implementation of secretstream sealed.</summary>
    [Fact]
    public void Frames_of_another_implementation_open()
    {
        using var pull = _cryptography.CreatePull(
            "36e72ba85cd0a2b5e7c9f44704a1757d7230c30dd39736e46f2190fcd1300c13".Hex(),
            "7d560fe08fc96071e9c47cd925b743ab5a2a7072f921cdbf".Hex());
        PullOf(pull, "b9e43f6ea3109bfd392d755646e5213fe1".Hex()).ShouldBe([]);
        PullOf(pull, "789d158b3a378c1e63d898c8dcd9db4b537d7a0a6a23".Hex()).ShouldBe("hello"u8.ToArray());
    }

    [Fact]
    public void Messages_open_in_their_order_and_any_flipped_bit_is_refused()
    {
        Prop.ForAll<byte[][], int>((messages, bit) =>
        {
            using var push = _cryptography.CreatePush(s_key, _header);
            using var pull = _cryptography.CreatePull(s_key, _header);
            foreach (var message in messages)
            {
                var frame = PushOf(push, message);
                var flipped = (byte[])frame.Clone();
                flipped.FlipBit(bit);
                if (PullOf(pull, flipped) is not null || PullOf(pull, frame)?.AsSpan().SequenceEqual(message) != true)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_message_out_of_order_or_repeated_or_dropped_is_refused()
    {
        using var push = _cryptography.CreatePush(s_key, _header);
        var first = PushOf(push, "first"u8);
        var second = PushOf(push, "second"u8);
        var third = PushOf(push, "third"u8);

        using var pull = _cryptography.CreatePull(s_key, _header);
        PullOf(pull, second).ShouldBeNull();
        PullOf(pull, first).ShouldBe("first"u8.ToArray());
        PullOf(pull, first).ShouldBeNull();
        PullOf(pull, third).ShouldBeNull();
        PullOf(pull, second).ShouldBe("second"u8.ToArray());
        PullOf(pull, third).ShouldBe("third"u8.ToArray());
    }

    [Fact]
    public void A_frame_cut_short_or_made_longer_is_refused()
    {
        using var push = _cryptography.CreatePush(s_key, _header);
        var frame = PushOf(push, "message"u8);
        using var pull = _cryptography.CreatePull(s_key, _header);
        for (var length = 0; length < frame.Length; length++)
        {
            PullOf(pull, frame.AsSpan(0, length)).ShouldBeNull();
        }

        PullOf(pull, [.. frame, 0]).ShouldBeNull();
        PullOf(pull, frame).ShouldBe("message"u8.ToArray());
    }

    [Fact]
    public void A_stream_under_another_key_or_header_is_refused()
    {
        using var push = _cryptography.CreatePush(s_key, _header);
        var frame = PushOf(push, "message"u8);
        using var otherKey = _cryptography.CreatePull(new byte[32], _header);
        using var otherHeader = _cryptography.CreatePull(s_key, new byte[24]);
        PullOf(otherKey, frame).ShouldBeNull();
        PullOf(otherHeader, frame).ShouldBeNull();
    }

    [Fact]
    public unsafe void A_frame_with_another_tag_is_refused()
    {
        using var state = new StreamStateHandle();
        var frame = new byte[17];
        fixed (byte* key = s_key, header = _header, sealedText = frame)
        {
            const byte tagFinal = 3;
            Sodium.StreamInitPush(state.Pointer, header, key).ShouldBe(0);
            Sodium.StreamPush(state.Pointer, sealedText, null, null, 0, null, 0, tagFinal).ShouldBe(0);
        }

        using var pull = _cryptography.CreatePull(s_key, _header);
        PullOf(pull, frame).ShouldBeNull();
    }

    [Fact]
    public void Two_streams_under_one_key_have_different_headers()
    {
        var other = new byte[24];
        using var first = _cryptography.CreatePush(s_key, _header);
        using var second = _cryptography.CreatePush(s_key, other);
        _header.ShouldNotBe(other);
    }

    [Fact]
    public void A_disposed_stream_says_so()
    {
        var push = _cryptography.CreatePush(s_key, _header);
        var pull = _cryptography.CreatePull(s_key, _header);
        push.Dispose();
        pull.Dispose();
        push.Dispose();
        Should.Throw<ObjectDisposedException>(() => push.Push([], new byte[17]));
        Should.Throw<ObjectDisposedException>(() => pull.Pull(new byte[17], []));
    }

    [Fact]
    public unsafe void Disposal_wipes_the_state()
    {
        // The slot stays mapped and is the next to be handed out again; no other test that makes streams runs meanwhile.
        var state = new StreamStateHandle();
        new Span<byte>(state.Pointer, 64).Fill(0xff);
        var pointer = state.Pointer;
        state.Dispose();
        new Span<byte>(pointer, 64).ToArray().ShouldBe(new byte[64]);
    }

    [Fact]
    public void Threads_that_push_into_one_stream_never_break_it()
    {
        using var push = _cryptography.CreatePush(s_key, _header);
        var frames = new byte[2000][];
        var next = 0;
        var gate = new Lock();
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 500; i++)
            {
                // The outer gate fixes the order of the frames; a second stream beside it shares the slab.
                using var own = _cryptography.CreatePush(s_key, new byte[24]);
                PushOf(own, "own"u8);
                lock (gate)
                {
                    frames[next++] = PushOf(push, "shared"u8);
                }
            }
        });

        using var pull = _cryptography.CreatePull(s_key, _header);
        frames.ShouldAllBe(frame => PullOf(pull, frame) != null);
    }

    private static byte[] PushOf(ISecretStreamPush push, ReadOnlySpan<byte> message)
    {
        var frame = new byte[message.Length + 17];
        push.Push(message, frame);
        return frame;
    }

    private static byte[]? PullOf(ISecretStreamPull pull, ReadOnlySpan<byte> frame)
    {
        var message = new byte[Math.Max(0, frame.Length - 17)];
        return pull.Pull(frame, message) ? message : null;
    }
}
