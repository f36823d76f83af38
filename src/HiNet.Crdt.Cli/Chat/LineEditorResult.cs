namespace HiNet.Crdt.Cli.Chat;

/// <summary>What a key led to.</summary>
internal enum LineEditorResult
{
    /// <summary>The line is still being typed.</summary>
    Typing,

    /// <summary>The line is finished.</summary>
    Entered,

    /// <summary>The person wants to leave.</summary>
    Left,
}
