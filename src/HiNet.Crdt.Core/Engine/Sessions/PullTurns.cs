using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// Who of those that hold more of a conversation is asked next. It is kept by person and outlives links, because links cost nothing:
/// who promises and brings nothing stands behind those who keep their word, and all who are no members count as one person.
/// </summary>
internal sealed class PullTurns
{
    // At most one for each person who ever was a member, and one for all others.
    private readonly Dictionary<IdentityId, (int Fruitless, Instant Asked)> _people = [];

    /// <summary>A member's device is asked, or with null somebody else's.</summary>
    public void Asked(IdentityId? member, Instant now) =>
        _people[KeyOf(member)] = (PlaceOf(member).Fruitless + 1, now);

    /// <summary>Something of what they brought was applied.</summary>
    public void Fruitful(IdentityId? member)
    {
        if (_people.TryGetValue(KeyOf(member), out var turns))
        {
            _people[KeyOf(member)] = turns with { Fruitless = 0 };
        }
    }

    /// <summary>Less means sooner: how often in a row they brought nothing, and then how lately they were asked.</summary>
    public (int Fruitless, Instant Asked) PlaceOf(IdentityId? member) => _people.GetValueOrDefault(KeyOf(member));

    private static IdentityId KeyOf(IdentityId? member) => member ?? default;
}
