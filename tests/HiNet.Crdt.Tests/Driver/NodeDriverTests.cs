using System.Buffers;
using System.Security.Cryptography;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Tests.Driver;

public sealed class NodeDriverTests
{
    [Fact]
    public async Task The_wall_clock_is_the_first_input()
    {
        await using var running = new RunningDriver(new ToyMachine());
        await running.DoAsync().WaitAsync(RunningDriver.Patience);

        var read = running.Machine.Inputs[0].ShouldBeOfType<NodeInput.WallClockRead>();
        DateTimeOffset.FromUnixTimeMilliseconds(read.UnixMilliseconds).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_step_of_the_wall_clock_is_told()
    {
        var time = new SteppingTime();
        await using var running = new RunningDriver(new ToyMachine(), time: time);
        await running.DoAsync().WaitAsync(RunningDriver.Patience);
        time.Step = TimeSpan.FromHours(-1);
        await running.DoAsync().WaitAsync(RunningDriver.Patience);
        await running.DoAsync().WaitAsync(RunningDriver.Patience);

        var readings = running.Machine.Inputs.OfType<NodeInput.WallClockRead>().ToArray();
        readings.Length.ShouldBe(2);
        TimeSpan.FromMilliseconds(readings[1].UnixMilliseconds - readings[0].UnixMilliseconds)
            .ShouldBe(TimeSpan.FromHours(-1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Commands_reach_the_machine_in_the_order_of_their_calls_and_share_batches()
    {
        await using var running = new RunningDriver(new ToyMachine());
        var tasks = new List<Task>();
        for (var i = 0; i < 5_000; i++)
        {
            tasks.Add(running.Driver.SubmitAsync(new NodeCommand.KeepLinked(i.ToString(System.Globalization.CultureInfo.InvariantCulture)), _ => true, default));
        }

        await Task.WhenAll(tasks).WaitAsync(RunningDriver.Patience);

        running.Machine.Inputs.OfType<NodeInput.Commanded>().Select(input => int.Parse(((NodeCommand.KeepLinked)input.Operation).Address, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe(Enumerable.Range(0, 5_000));
        running.Machine.Batches.ShouldBeLessThan(5_000);
        running.Store.Writes.ShouldBe((int)running.Machine.Batches);
    }

    [Fact]
    public async Task No_wake_up_is_lost_between_callers_that_wait_for_each_answer()
    {
        await using var running = new RunningDriver(new ToyMachine { KeepInputs = false });
        var callers = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 2_500; i++)
            {
                await running.DoAsync();
            }
        });

        await Task.WhenAll(callers).WaitAsync(RunningDriver.Patience);
    }

    [Fact]
    public async Task A_failed_write_fails_its_commands_with_the_stores_sentence()
    {
        var store = new ToyStore { OnWrite = _ => throw new StoreException("The disk is full: free some space and start the node again.") };
        await using var running = new RunningDriver(new ToyMachine(), store);

        var failure = await Should.ThrowAsync<OperationRefusedException>(() => running.DoAsync().WaitAsync(RunningDriver.Patience));
        failure.Message.ShouldBe("The disk is full: free some space and start the node again.");
    }

    [Fact]
    public async Task A_lone_small_batch_is_written_without_waking_another_thread_unless_the_disk_was_slow()
    {
        var threads = new List<string?>();
        var store = new ToyStore();
        store.OnWrite = _ =>
        {
            threads.Add(Thread.CurrentThread.Name);
            if (threads.Count == 4)
            {
                // The one way to be a slow disk.
                SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(20));
            }
        };
        await using var running = new RunningDriver(new ToyMachine(), store);
        for (var i = 0; i < 40; i++)
        {
            await running.DoAsync().WaitAsync(RunningDriver.Patience);
        }

        // How fast this machine is otherwise is not known, so only what must hold: nobody knows the disk before the first
        // write, and the fourth was slow.
        threads[0].ShouldBe("hinet store writer");
        threads[4].ShouldBe("hinet store writer");
        threads.ShouldContain("hinet node");
    }

    [Fact]
    public async Task A_machine_that_throws_stops_the_node_and_fails_every_command_with_one_sentence()
    {
        var machine = new ToyMachine
        {
            OnInput = (input, _) => input is NodeInput.Commanded { Operation: NodeCommand.Leave }
                ? throw new InvalidOperationException("boom")
                : input is NodeInput.Commanded,
        };
        await using var running = new RunningDriver(machine);
        var pending = running.DoAsync();
        var culprit = running.Driver.SubmitAsync(new NodeCommand.Leave(default), _ => true, default);

        foreach (var task in new[] { pending, culprit })
        {
            var failure = await Should.ThrowAsync<NodeStoppedException>(() => task.WaitAsync(RunningDriver.Patience));
            failure.Message.ShouldContain("start it again");
            failure.InnerException!.Message.ShouldBe("boom");
        }

        running.Driver.Problem.ShouldNotBeNull();
        await Should.ThrowAsync<NodeStoppedException>(() => running.DoAsync().WaitAsync(RunningDriver.Patience));
    }

    [Fact]
    public async Task A_cancelled_caller_stops_waiting_and_the_operation_goes_on()
    {
        using var release = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var store = new ToyStore { OnWrite = _ => release.Wait(RunningDriver.Patience) };
        await using var running = new RunningDriver(new ToyMachine(), store);
        var task = running.DoAsync(cancellation.Token);
        await running.InputAsync<NodeInput.Commanded>();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => task.WaitAsync(RunningDriver.Patience));
        release.Set();
        await running.InputAsync<NodeInput.Persisted>();
    }

    [Fact]
    public async Task The_deadline_is_handled_when_it_passes_and_not_before()
    {
        var handled = new TaskCompletionSource<Instant>();
        var machine = new ToyMachine { OnDeadline = (now, _) => handled.TrySetResult(now) };
        machine.OnInput = (input, _) =>
        {
            if (input is NodeInput.WallClockRead)
            {
                machine.Deadline = new Instant(50_000);
            }

            return false;
        };
        await using var running = new RunningDriver(machine);

        var at = await handled.Task.WaitAsync(RunningDriver.Patience);
        at.ShouldBeGreaterThanOrEqualTo(new Instant(50_000));
    }

    [Fact]
    public async Task Signatures_are_checked_and_each_check_is_answered_once()
    {
        const int count = 3_000;
        var cryptography = SodiumCryptography.Instance;
        var key = new byte[32];
        var secret = new byte[64];
        cryptography.Ed25519FromSeed(RandomNumberGenerator.GetBytes(32), key, secret);
        var message = new byte[40];
        var good = new byte[64];
        cryptography.Sign(secret, message, good);
        var bad = (byte[])good.Clone();
        bad[5] ^= 1;
        var machine = new ToyMachine
        {
            OnInput = (input, effects) =>
            {
                if (input is not NodeInput.Commanded { Operation: NodeCommand.KeepLinked })
                {
                    return false;
                }

                for (var token = 0; token < count; token++)
                {
                    effects.Add(new NodeEffect.Verify(token, new DeviceId(key), message, token % 3 == 0 ? bad : good));
                }

                return true;
            },
        };
        await using var running = new RunningDriver(machine);
        _ = running.DoAsync();

        await Until.TrueAsync(() => machine.Inputs.OfType<NodeInput.Verified>().Count() >= count);
        var answers = machine.Inputs.OfType<NodeInput.Verified>().ToArray();
        answers.Select(answer => answer.Token).Order().ShouldBe(Enumerable.Range(0, count).Select(i => (long)i));
        answers.ShouldAllBe(answer => answer.IsValid == (answer.Token % 3 != 0));
        await running.Gate.WhenOpen.WaitAsync(RunningDriver.Patience);
    }

    [Fact]
    public async Task Links_are_not_read_while_what_they_brought_waits_for_a_disk_that_stands_still()
    {
        const int Chunk = 1 << 18;
        using var release = new ManualResetEventSlim();
        var store = new ToyStore { OnWrite = _ => release.Wait(RunningDriver.Patience) };
        var (brought, read) = (0L, 0L);
        var machine = new ToyMachine
        {
            KeepInputs = false,
            OnInput = (input, _) =>
            {
                Interlocked.Add(ref read, input is NodeInput.BytesReceived received ? received.Bytes.Length : 0);
                return false;
            },
        };
        await using var running = new RunningDriver(machine, store);
        Task[] written = [running.DoAsync(), running.DoAsync()];
        await Until.TrueAsync(() => store.Writes == 1);

        // As a link does: it looks at the gate before each read.
        while (brought < 2 * ReadPressure.MaximumUnwritten && running.Gate.WhenOpen.IsCompleted)
        {
            running.Inbox.PostBytes(new LinkId(1), ArrayPool<byte>.Shared.Rent(Chunk), Chunk);
            brought += Chunk;
            await Until.TrueAsync(() => Interlocked.Read(ref read) == brought);
        }

        brought.ShouldBeInRange(ReadPressure.MaximumUnwritten, ReadPressure.MaximumUnwritten + Chunk);
        var closed = running.Gate.WhenOpen;
        release.Set();
        await Task.WhenAll(written).WaitAsync(RunningDriver.Patience);
        await closed.WaitAsync(RunningDriver.Patience);
    }

    [Fact]
    public async Task Erased_bodies_are_reclaimed_without_being_asked_again()
    {
        var machine = new ToyMachine
        {
            OnInput = (input, effects) =>
            {
                if (input is not NodeInput.Commanded { Operation: NodeCommand.KeepLinked } command)
                {
                    return false;
                }

                var batch = new WriteBatch();
                batch.Erase(ColumnFamily.Entries, [1], []);
                effects.Add(new NodeEffect.Persist(1, batch));
                effects.Add(new NodeEffect.Complete(command.Command, new NodeResult.Done()));
                return true;
            },
        };
        await using var running = new RunningDriver(machine);

        // Once for what an earlier run may have left, once for this batch.
        await Until.TrueAsync(() => running.Store.Reclaims == 1);
        await running.DoAsync().WaitAsync(RunningDriver.Patience);
        await Until.TrueAsync(() => running.Store.Reclaims == 2);
    }

    [Fact]
    public async Task Writes_do_not_wait_while_erased_bodies_are_reclaimed()
    {
        using var release = new ManualResetEventSlim();
        var store = new ToyStore { OnReclaim = () => release.Wait(RunningDriver.Patience) };
        await using var running = new RunningDriver(new ToyMachine(), store);
        await Until.TrueAsync(() => store.Reclaims == 1);
        for (var i = 0; i < 3; i++)
        {
            await running.DoAsync().WaitAsync(RunningDriver.Patience);
        }

        release.IsSet.ShouldBeFalse();
        release.Set();
    }

    [Fact]
    public async Task Disposal_fails_what_is_not_answered_writes_what_was_handed_over_and_can_be_repeated()
    {
        using var release = new ManualResetEventSlim();
        var store = new ToyStore { OnWrite = _ => release.Wait(RunningDriver.Patience) };
        var running = new RunningDriver(new ToyMachine(), store);
        var task = running.DoAsync();
        await Until.TrueAsync(() => store.Writes == 1);

        var first = running.DisposeAsync().AsTask();
        var second = running.DisposeAsync().AsTask();
        await Should.ThrowAsync<NodeStoppedException>(() => task.WaitAsync(RunningDriver.Patience));
        release.Set();
        await Task.WhenAll(first, second).WaitAsync(RunningDriver.Patience);
        await running.DisposeAsync();
        await Should.ThrowAsync<NodeStoppedException>(() => running.DoAsync());
    }

    [Fact]
    public async Task Peers_are_those_that_connected_and_did_not_disconnect()
    {
        var a = new NodeId(new byte[32]);
        var b = new NodeId(Enumerable.Repeat((byte)1, 32).ToArray());
        var machine = new ToyMachine
        {
            OnInput = (input, effects) =>
            {
                if (input is NodeInput.Commanded { Operation: NodeCommand.KeepLinked })
                {
                    effects.Add(new NodeEffect.Announce(new PeerConnected(default, a)));
                    effects.Add(new NodeEffect.Announce(new PeerConnected(default, b)));
                    effects.Add(new NodeEffect.Announce(new PeerDisconnected(default, a, "bye")));
                }

                return false;
            },
        };
        await using var running = new RunningDriver(machine);
        await running.DoAsync().WaitAsync(RunningDriver.Patience);

        running.Driver.Peers.ShouldBe([b]);
        running.Announced.Count.ShouldBe(3);
    }

    private sealed class SteppingTime : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + Step;
    }
}
