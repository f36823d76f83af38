using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>A path between two nodes that changes what passes, or loses one direction.</summary>
public sealed class DamagedLinkTests : IAsyncLifetime, IDisposable
{
    private const int Flips = 50;

    /// <summary>Reaches from the handshake over the opening of channels into the messages.</summary>
    private const int LastOffset = 3_000;

    /// <summary>
    /// The highest bit in the length of the first frame behind the handshake (3 + 32, 3 + 64) and the opening (3 + 56):
    /// the receiver waits for 8 MiB that nobody sends, and gives that up after 5/4 of its receive timeout.
    /// </summary>
    private static readonly DamagingProxy.Flip LongestLength = new(FromDialler: true, 35 + 67 + 59 + 2, Bit: 7);

    private readonly TemporaryDirectory _directory = new();
    private readonly DamagingProxy _proxy = new();
    private readonly HashSet<string> _sent = [];
    private HiNetNode _alice = null!;
    private HiNetNode _bob = null!;
    private IConversation _hers = null!;
    private IConversation _his = null!;

    public async Task InitializeAsync()
    {
        _alice = await Nodes.StartBehindAsync(_proxy, _directory.Combine("alice"), "Alice");
        _bob = await Nodes.StartAsync(_directory.Combine("bob"), "Bob");
        await Nodes.MeetAsync(_alice, _bob);
        (_hers, _his) = await Nodes.OpenDirectAsync(_alice, _bob);
    }

    public async Task DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_flipped_bit_in_any_frame_is_refused_and_costs_the_link_only()
    {
        using var complaints = new Complaints(_alice, _bob);
        var random = new Random(4);
        for (var number = 0; number < Flips; number++)
        {
            var flip = number == 0 ? LongestLength : new DamagingProxy.Flip(random.Next(2) == 0, random.Next(LastOffset), random.Next(8));
            var before = complaints.All.Count;
            _proxy.Arm(flip);
            while (_proxy.IsArmed)
            {
                await SayAsync($"{number}");
                await Until.IsTrueAsync(() => !_proxy.IsArmed, TimeSpan.FromMilliseconds(50));
                _sent.Count.ShouldBeLessThan(20_000, $"nobody dials again for {flip}");
            }

            await ConvergeAsync();
            await Until.TrueAsync(() => complaints.All.Count > before, $"somebody notices {flip}");
        }
    }

    [Fact]
    public async Task A_link_of_which_one_direction_ends_is_dialled_again()
    {
        for (var number = 0; number < 5; number++)
        {
            await SayAsync($"before {number}");
            _proxy.EndHalf();
            await SayAsync($"after {number}");
            await ConvergeAsync();
        }
    }

    private async Task ConvergeAsync()
    {
        await Until.TrueAsync(HaveConverged, "the nodes link again and converge");
        _hers.ReadAll().Select(message => message.Text).ShouldBe(_his.ReadAll().Select(message => message.Text));
        _his.ReadAll().Select(message => message.Text).ToHashSet().SetEquals(_sent).ShouldBeTrue();
        (_alice.GetStatus().Problem, _bob.GetStatus().Problem).ShouldBe((null, null));
    }

    private bool HaveConverged() => Nodes.HaveConverged(_hers, _his);

    private async Task SayAsync(string text)
    {
        foreach (var (conversation, name) in ((IConversation, string)[])[(_hers, "a"), (_his, "b")])
        {
            var unique = $"{_sent.Count} {name} {text}";
            _sent.Add(unique).ShouldBeTrue();
            await conversation.SendAsync(unique);
        }
    }
}
