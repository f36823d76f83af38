using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HiNet.Crdt;

/// <summary>
/// A place in the order of a conversation's events on one node: an entry's is where it arrived or, when the key that opens it came
/// later, where it became readable. Keep the last one you have dealt with, and <see cref="IConversation.EventsFrom"/> goes on
/// behind it. It means nothing on another node.
/// </summary>
public readonly record struct EventCursor(ulong Position) : IComparable<EventCursor>
{
    /// <summary>Before the first event.</summary>
    public static EventCursor Start => default;

    /// <inheritdoc/>
    public int CompareTo(EventCursor other) => Position.CompareTo(other.Position);

    /// <summary>A decimal number.</summary>
    public override string ToString() => Position.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventCursor cursor)
    {
        var parsed = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position);
        cursor = new EventCursor(position);
        return parsed;
    }
}
