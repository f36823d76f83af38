namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>What a record says. Kinds of one secret have nothing in common that a storing node could see.</summary>
public enum RecordKind
{
    /// <summary>Where a device's node is: <see cref="DeviceContact"/>.</summary>
    Contact = 1,

    /// <summary>What is needed to write to a device that is not there: its <see cref="Identity.DeviceCard"/>.</summary>
    Prekeys = 2,
}
