namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>Which conversation was opened or created.</summary>
/// <param name="Conversation">64 hex digits.</param>
public sealed record ConversationReference(string Conversation);
