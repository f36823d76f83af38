namespace HiNet.Crdt.Core.Dht;

/// <summary>The second byte of a datagram. An answer has the number of its query and the top bit.</summary>
internal enum DatagramKind : byte
{
    Ping = 1,
    FindNode = 2,
    Get = 3,
    Put = 4,
    PingAnswer = 0x81,
    FindNodeAnswer = 0x82,
    GetAnswer = 0x83,
    PutAnswer = 0x84,
}
