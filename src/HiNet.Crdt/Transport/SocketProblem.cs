using System.Net.Sockets;

namespace HiNet.Crdt.Transport;

/// <summary>What went wrong with a socket, in words.</summary>
internal static class SocketProblem
{
    internal static string Describe(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "nobody listens there",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host name is not known",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "the host cannot be reached from here",
        SocketError.TimedOut => "no answer",
        SocketError.AddressAlreadyInUse => "another program uses it",
        SocketError.AddressNotAvailable => "no network interface of this machine has it",
        SocketError.AccessDenied => "the system does not permit it",
        _ => "the system says " + failure.SocketErrorCode,
    };
}
