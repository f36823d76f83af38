using System.Text;
using HiNet.Crdt.Core.Authority;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>A state of authority as text, one line each for members, devices and those that count, and what is always so of one.</summary>
internal static class FoldText
{
    public static string Of(AuthorityState state) => new StringBuilder()
        .AppendJoin('\n', state.Members.Select(member => $"{member.Identity} {member.Role} {member.Since} {member.Grant}")).Append('\n')
        .AppendJoin('\n', state.Devices.Select(device => $"{device.Device} {device.Identity} {device.Card.LeafIndex} {device.Card.LeafKey}")).Append('\n')
        .AppendJoin('\n', state.AuthorizedDevices.Select(device => device.Device))
        .ToString();

    /// <summary>Null when all is well.</summary>
    public static string? Problem(AuthorityState state)
    {
        if (state.Members.Count > 0 && !state.Members.Any(member => member.Role >= Role.Admin))
        {
            return "nobody has authority";
        }

        var authorized = state.AuthorizedDevices;
        if (authorized.Count > AuthorityState.AuthorizedDevicesInAll
            || authorized.GroupBy(device => device.Identity).Any(devices => devices.Count() > AuthorityState.AuthorizedDevicesOfOnePerson))
        {
            return "more devices count than may";
        }

        return authorized.Any(device => state.RoleOf(device.Identity) < Role.Reader || !state.IsAuthorized(device.Device)) ? "a device counts whose person is no member"
            : authorized.Zip(authorized.Skip(1)).Any(pair => pair.First.Device.CompareTo(pair.Second.Device) >= 0) ? "devices are out of order"
            : authorized.Count == 0 && state.Devices.Any(device => state.RoleOf(device.Identity) >= Role.Reader) ? "no device counts"
            : null;
    }
}
