using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Driver;

internal sealed partial class NodeDriver
{
    private readonly CommandAdmission _admission = new();
    private readonly List<PendingCommand> _admitted = [];
    private readonly Dictionary<long, PendingCommand> _waiting = [];

    /// <summary>
    /// Gives a command to the machine, in the order of the calls. The token stops the waiting, not the operation.
    /// A refusal is an <see cref="OperationRefusedException"/>, a stopped node a <see cref="NodeStoppedException"/>.
    /// </summary>
    internal Task<T> SubmitAsync<T>(NodeCommand operation, Func<NodeResult, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var command = new PendingCommand<T>(operation, read, cancellationToken);
        if (!_inbox.TryPost(command))
        {
            command.Fail(new NodeStoppedException(Problem ?? "The node is stopped: start it again."));
        }

        return command.Task;
    }

    private long Admit(PendingCommand command)
    {
        var number = _admission.Admit();
        _waiting.Add(number, command);
        return number;
    }

    private void Complete(NodeEffect.Complete complete)
    {
        if (!_waiting.Remove(complete.Command, out var command))
        {
            throw new InvalidOperationException($"Command {complete.Command} was answered twice or never asked.");
        }

        _admission.Answered();
        command.Complete(complete.Result);
    }

    private void FailPending(NodeStoppedException failure)
    {
        foreach (var command in _waiting.Values)
        {
            command.Fail(failure);
        }

        _waiting.Clear();
    }

    private void EndCommands(IReadOnlyList<PendingCommand> commands)
    {
        foreach (var command in commands)
        {
            command.Fail(new NodeStoppedException(Problem ?? "The node is stopped: start it again."));
        }
    }
}
