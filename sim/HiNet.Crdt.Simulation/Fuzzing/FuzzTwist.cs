namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>The one thing that is out of the ordinary in an entry that is written by hand, beside what it says and has seen.</summary>
internal enum FuzzTwist
{
    None,

    /// <summary>Its seq leaves some out.</summary>
    SeqGap,

    /// <summary>Its seq is that of the entry before it.</summary>
    SeqRepeated,

    /// <summary>It goes on from another device's entry.</summary>
    PreviousOfAnother,

    /// <summary>Its time is that of a predecessor.</summary>
    TimeEqual,

    /// <summary>Its time is the first there is.</summary>
    TimeZero,

    /// <summary>Its time is the last that is taken at once.</summary>
    TimeAtLimit,

    /// <summary>Its time is the first that is parked.</summary>
    TimePastLimit,

    /// <summary>Its time comes within the hour.</summary>
    TimeSoon,

    /// <summary>Its time does not come while the case lasts.</summary>
    TimeFar,

    /// <summary>Its time is the last there is.</summary>
    TimeLast,

    /// <summary>Its depth is too great.</summary>
    DepthAbove,

    /// <summary>Its depth is too small.</summary>
    DepthBelow,

    /// <summary>Its authority hash is of nothing.</summary>
    AuthorityWrong,

    /// <summary>Its authority hash is that of an empty past.</summary>
    AuthorityEmpty,

    /// <summary>Its suite is unknown.</summary>
    Suite,

    /// <summary>It is of another conversation.</summary>
    Conversation,

    /// <summary>Its body never comes.</summary>
    BodyAbsent,

    /// <summary>It has no body.</summary>
    BodyEmpty,

    /// <summary>Its body is too short to be one.</summary>
    BodyShort,

    /// <summary>Its body is as long as one may be.</summary>
    BodyLongest,

    /// <summary>Its body opens, and is random bytes.</summary>
    BodyGarbled,

    /// <summary>Its body is sealed under another key.</summary>
    BodyUnderAnotherKey,

    /// <summary>Its body has unknown fields at its end.</summary>
    BodyPadded,

    /// <summary>Its epoch is any that was ever made.</summary>
    EpochOld,

    /// <summary>Its epoch is none that exists.</summary>
    EpochMissing,

    /// <summary>Its epoch is an entry of another kind.</summary>
    EpochOfAnotherKind,

    /// <summary>A message without its end.</summary>
    MessageCut,

    /// <summary>A message with bytes behind its end.</summary>
    MessageExtended,

    /// <summary>A message with one bit changed.</summary>
    MessageFlipped,

    /// <summary>A message of random bytes.</summary>
    MessageGarbled,

    /// <summary>A message of nothing.</summary>
    MessageEmpty,

    /// <summary>A message that is said again and again.</summary>
    MessageRepeated,

    /// <summary>A message as long as a link takes.</summary>
    MessageLongest,
}
