namespace HiNet.Crdt.Core.Discovery;

/// <summary>One question, of class IN (or ANY, which is taken for the same).</summary>
/// <param name="Name">What is asked about.</param>
/// <param name="Type">A <see cref="DnsType"/>, or one that we do not know.</param>
/// <param name="WantsUnicast">The top bit of the class: the asker takes a unicast answer (RFC 6762, section 5.4).</param>
public sealed record DnsQuestion(DnsName Name, ushort Type, bool WantsUnicast = false);
