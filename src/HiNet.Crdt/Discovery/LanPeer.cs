using System.Net;

namespace HiNet.Crdt.Discovery;

/// <summary>Another node on the LAN, as it announces itself. Nothing of it is proved: a link to it proves who it is.</summary>
/// <param name="Instance">Its name on the LAN, drawn anew at each of its starts.</param>
/// <param name="EndPoints">At least one, best first; IPv6 link-local ones with the scope of the interface.</param>
/// <param name="Secrets">Ids of the secrets that it seems to hold too; none for a stranger.</param>
internal sealed record LanPeer(string Instance, IReadOnlyList<IPEndPoint> EndPoints, IReadOnlyList<Bytes32> Secrets);
