namespace HiNet.Crdt.Attack.Hostile;

/// <summary>The victim ended a link or a channel, or did not answer: what an attacker has to expect.</summary>
internal sealed class LinkLostException(string message) : Exception(message);
