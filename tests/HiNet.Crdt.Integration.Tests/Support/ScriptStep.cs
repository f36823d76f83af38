namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>What one person does in one step: where, to which of that conversation's messages, with what text or emoji.</summary>
internal sealed record ScriptStep(ScriptAction Action, int Conversation, int Message, string Text);
