namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>What one operation of a case does. The names, with a small first letter, stand in failure files.</summary>
internal enum FuzzKind
{
    /// <summary>An honest replica writes a message.</summary>
    HonestMessage,

    /// <summary>An honest replica edits a message of its person.</summary>
    HonestEdit,

    /// <summary>An honest replica deletes a message of its person.</summary>
    HonestDelete,

    /// <summary>An honest replica reacts to a message.</summary>
    HonestReaction,

    /// <summary>An honest replica says that it has read up to a message.</summary>
    HonestRead,

    /// <summary>An honest replica acknowledges what has come.</summary>
    HonestReceipt,

    /// <summary>An honest replica makes an epoch if it needs one.</summary>
    HonestEpoch,

    /// <summary>An honest replica gives someone a higher role.</summary>
    HonestRole,

    /// <summary>The second honest replica leaves.</summary>
    HonestLeave,

    /// <summary>The second honest replica is handed some of what was written.</summary>
    HandOver,

    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>An honest replica is started again.</summary>
    Restart,

    /// <summary>A message by hand.</summary>
    Message,

    /// <summary>Many messages by hand, which may reach over the end of a segment.</summary>
    Burst,

    /// <summary>An edit by hand.</summary>
    Edit,

    /// <summary>A reaction by hand.</summary>
    Reaction,

    /// <summary>A receipt by hand.</summary>
    Receipt,

    /// <summary>A group invitation by hand.</summary>
    Invitation,

    /// <summary>An introduction by hand.</summary>
    Introduce,

    /// <summary>A role by hand.</summary>
    SetRole,

    /// <summary>An epoch by hand.</summary>
    Epoch,

    /// <summary>A deletion by hand.</summary>
    Delete,

    /// <summary>A report of an equivocation by hand.</summary>
    Report,

    /// <summary>A merge by hand.</summary>
    Merge,

    /// <summary>Another genesis.</summary>
    Genesis,

    /// <summary>A control entry of an unknown kind.</summary>
    UnknownControl,

    /// <summary>A content entry of an unknown kind.</summary>
    UnknownContent,

    /// <summary>Many epochs by hand that know nothing of each other.</summary>
    EpochFlood,

    /// <summary>Introductions of as many devices as there is room for, and more.</summary>
    Crowd,

    /// <summary>An authority operation with roles, straight into the graph.</summary>
    FoldRoles,

    /// <summary>An authority operation with cards, straight into the graph.</summary>
    FoldCards,

    /// <summary>An authority operation with many of both, straight into the graph.</summary>
    FoldMany,

    /// <summary>Bytes of a control body, straight into its parser.</summary>
    Parse,

    /// <summary>An honest person says something while the attack goes on.</summary>
    Speak,

    /// <summary>A link to another node, on which what follows is said.</summary>
    Turn,

    /// <summary>A second proof.</summary>
    Prove,

    /// <summary>A summary.</summary>
    Summary,

    /// <summary>A frontier, true or not.</summary>
    Frontier,

    /// <summary>A pull.</summary>
    Pull,

    /// <summary>Segments with entries of its own.</summary>
    Segments,

    /// <summary>Segments with entries that the other end has.</summary>
    KnownSegments,

    /// <summary>Bytes are given back.</summary>
    Consumed,

    /// <summary>It says that it has sent everything.</summary>
    CaughtUp,

    /// <summary>It asks for bodies.</summary>
    Want,

    /// <summary>It gives bodies for which nobody asked.</summary>
    Bodies,

    /// <summary>A message of a type that no version knows.</summary>
    UnknownMessage,

    /// <summary>Another channel, of a conversation or an invite that the other end may not know.</summary>
    OpenChannel,
}
