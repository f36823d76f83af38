namespace HiNet.Crdt.Core.Dht;

/// <summary>How far a lookup has come with one candidate.</summary>
internal enum LookupStep
{
    Known,
    Asked,
    Answered,
    Failed,
}
