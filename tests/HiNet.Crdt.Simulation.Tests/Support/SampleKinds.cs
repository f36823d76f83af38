namespace HiNet.Crdt.Simulation.Tests.Support;

/// <summary>One of each kind that there is of something, with the same sample in all places of one type.</summary>
internal static class SampleKinds
{
    public static Person Someone { get; } = new(new IdentityId(Key(1)), "someone");

    public static EntryId Entry { get; } = new(Key(2));

    public static Message Message { get; } = new()
    {
        Id = Entry,
        Author = Someone,
        Device = new DeviceId(Key(3)),
        Time = DateTimeOffset.UnixEpoch.AddDays(1),
        Text = "before",
    };

    private static readonly object[] s_samples =
    [
        Someone, Someone.Id, Entry, Message with { Text = "sample" }, Message.Device, Message.Time, new ConversationId(Key(4)), new EventCursor(5),
        "sample", true, 6, 7U, 8UL, Role.Moderator, new[] { Someone }, new[] { Someone.Id }, new[] { "sample" },
    ];

    /// <summary>One instance of each type that is one of these, by name.</summary>
    public static IReadOnlyList<T> Of<T>()
        where T : class =>
        [
            .. typeof(T).Assembly.GetTypes()
                .Where(type => !type.IsAbstract && typeof(T).IsAssignableFrom(type))
                .OrderBy(type => type.Name, StringComparer.Ordinal)
                .Select(type => (T)Create(type)),
        ];

    private static object Create(Type type)
    {
        var constructor = type.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Array.Find(s_samples, parameter.ParameterType.IsInstanceOfType))]);
    }

    private static byte[] Key(byte first)
    {
        var bytes = new byte[Bytes32.Size];
        bytes[0] = first;
        return bytes;
    }
}
