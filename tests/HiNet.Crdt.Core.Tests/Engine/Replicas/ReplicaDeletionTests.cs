using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>While a deletion is on its way to the store, what is read from there may still have the body.</summary>
public sealed class ReplicaDeletionTests
{
    private readonly ReplicaDevice _alice = new("alice");

    public ReplicaDeletionTests() => ReplicaDevice.Group(_alice);

    [Fact]
    public void Something_is_being_erased_from_its_deletion_until_that_is_durable()
    {
        var (one, other) = (_alice.Say("one")[^1].Last.Id, _alice.Say("other")[^1].Last.Id);
        _alice.Replica.IsErasing.ShouldBeFalse();
        Delete(one);
        _alice.Replica.IsErasing.ShouldBeTrue("in the batch that gathers");
        _alice.Replica.IsErased(one).ShouldBeTrue();
        _alice.WriteUnsettled();
        _alice.Replica.IsErasing.ShouldBeTrue("in the batch that is being written");
        Delete(other);
        Settle();
        _alice.Replica.IsErasing.ShouldBeTrue("in the batch that has gathered meanwhile");
        _alice.WriteUnsettled();
        _alice.Replica.IsErasing.ShouldBeTrue();
        Settle();
        _alice.Replica.IsErasing.ShouldBeFalse();
    }

    private void Delete(EntryId id) => _alice.Replica.AppendControl(
        EntryKind.Delete, new Protocol.DeleteBody { Targets = { ReplicaDevice.Bytes(id.ToArray()) } }, _alice.Now);

    private void Settle() => _alice.Replica.Settled(_alice.Replica.LastArrival, _alice.Replica.LastCursor);
}
