using System.Diagnostics;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Diagnostics;

namespace HiNet.Crdt.Driver;

/// <summary>A command that somebody waits for.</summary>
internal abstract class PendingCommand(NodeCommand operation)
{
    internal NodeCommand Operation => operation;

    /// <summary>Ends the waiting, on the driver's thread; the waiter goes on elsewhere.</summary>
    internal abstract void Complete(NodeResult result);

    internal abstract void Fail(HiNetException exception);
}

/// <summary>
/// The task itself is handed to the caller: between the caller and the machine there is no state machine and no further hop.
/// </summary>
internal sealed class PendingCommand<T> : PendingCommand
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<NodeResult, T> _read;
    private readonly long _started;
    private readonly Activity? _activity;
    private readonly CancellationTokenRegistration _cancellation;

    internal PendingCommand(NodeCommand operation, Func<NodeResult, T> read, CancellationToken cancellationToken)
        : base(operation)
    {
        _read = read;
        _started = NodeMetrics.CommandDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
        _activity = NodeActivities.StartCommand(operation);
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (state, token) => ((PendingCommand<T>)state!)._completion.TrySetCanceled(token), this);
        }
    }

    internal Task<T> Task => _completion.Task;

    internal override void Complete(NodeResult result)
    {
        if (result is NodeResult.Refused refused)
        {
            Fail(new OperationRefusedException(refused.Problem));
            return;
        }

        if (result is NodeResult.Stopped stopped)
        {
            Fail(new NodeStoppedException(stopped.Problem));
            return;
        }

        End(null);
        _completion.TrySetResult(_read(result));
    }

    internal override void Fail(HiNetException exception)
    {
        End(exception.Message);
        _completion.TrySetException(exception);
    }

    private void End(string? problem)
    {
        _cancellation.Unregister();
        if (_started != 0)
        {
            NodeMetrics.RecordCommand(Operation, Stopwatch.GetElapsedTime(_started), problem is null);
        }

        if (_activity is not null)
        {
            _activity.SetStatus(problem is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, problem);
            _activity.Stop();
        }
    }
}
