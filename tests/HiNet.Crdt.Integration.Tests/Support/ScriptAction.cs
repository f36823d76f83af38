namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>What a person does in a step of a script.</summary>
internal enum ScriptAction
{
    /// <summary>Opens the notes to self, or creates a group of one.</summary>
    Open,
    Send,
    Reply,
    Edit,
    Delete,
    React,
    TakeReactionBack,
}
