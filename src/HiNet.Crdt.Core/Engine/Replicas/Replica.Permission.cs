using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>There are so many devices, of this person or in all, that this one does not count, or would not if it were introduced.</summary>
    public bool HasNoPlaceForThisDevice =>
        Authority is var state
        && state.RoleOf(_services.Identity) >= Role.Reader
        && !state.IsAuthorized(_services.Device)
        && (state.TryGetDevice(_services.Device, out _)
            || state.DevicesOf(_services.Identity) >= AuthorityState.AuthorizedDevicesOfOnePerson
            || state.AuthorizedDevices.Count >= AuthorityState.AuthorizedDevicesInAll);

    /// <summary>Whether an entry was permitted at its own past, which fixes it for ever.</summary>
    private Refusal CheckPermission(Entry entry, AuthorityState state, out IdentityId author, out ControlBody? control)
    {
        author = default;
        control = null;
        var header = entry.Header;
        if (header.Epoch is null)
        {
            control = OpenControl(header, entry.HeaderBytes.Span, entry.Body!.Value.Span);
            if (control is null)
            {
                return Refusal.MalformedBody;
            }
        }

        if (header.Kind == EntryKind.Genesis)
        {
            return CheckGenesis(header.Device, control!, out author);
        }

        if (state.TryGetDevice(header.Device, out var device))
        {
            author = device.Identity;
            if (!state.IsAuthorized(header.Device))
            {
                return Refusal.NotPermitted;
            }
        }
        else if (header.Kind == EntryKind.Introduce
                 && control!.Cards.FirstOrDefault(card => card.Device == header.Device) is { } own)
        {
            author = own.Identity;
        }
        else
        {
            return Refusal.NotPermitted;
        }

        var role = state.RoleOf(author);
        var permitted = header.Kind switch
        {
            EntryKind.Introduce => role >= Role.Reader && control!.Cards.Any(state.IsNews) && HasPlaces(control.Cards, state) && control.Cards.All(card => MayIntroduce(card, state)),
            EntryKind.SetRole => MaySetRole(author, control!, state),
            EntryKind.Epoch => role >= Role.Member && HasOneBoxEach(control!.Epoch!, state),
            EntryKind.EquivocationReport => role >= Role.Reader && IsProven(control!),
            EntryKind.Receipt => role >= Role.Reader,
            _ => role >= Role.Member,
        };
        return permitted ? Refusal.None : Refusal.NotPermitted;
    }

    private Refusal CheckGenesis(DeviceId device, ControlBody control, out IdentityId author)
    {
        author = control.Grants[0].Member;
        var creator = author;
        var isOwn = control.Grants[0].Role == Role.Owner
            && control.Cards.Any(card => card.Device == device && card.Identity == creator);
        return isOwn && control.Cards.All(card => _services.Cards.Contains(card)) ? Refusal.None : Refusal.NotPermitted;
    }

    private bool IsProven(ControlBody control) =>
        control.Proof!.TryVerify(_services.Cryptography, out var proven) && proven.Conversation == Id;

    /// <summary>A device belongs to one person for good, and that person is a member who has not too many.</summary>
    private bool MayIntroduce(DeviceCard card, AuthorityState state) =>
        card.LeafIndex <= DeviceCard.MaxLeafIndex
        && state.RoleOf(card.Identity) >= Role.Reader
        && (state.TryGetDevice(card.Device, out var known)
            ? known.Identity == card.Identity
            : state.DevicesOf(card.Identity) < AuthorityState.AuthorizedDevicesOfOnePerson)
        && _services.Cards.Contains(card);

    /// <summary>Whether all new devices of an entry together leave their people with no more than may be authorised.</summary>
    private static bool HasPlaces(IReadOnlyList<DeviceCard> cards, AuthorityState state) =>
        cards.Where(card => !state.TryGetDevice(card.Device, out _)).DistinctBy(card => card.Device).CountBy(card => card.Identity)
            .All(person => state.DevicesOf(person.Key) + person.Value <= AuthorityState.AuthorizedDevicesOfOnePerson);

    private bool MaySetRole(IdentityId author, ControlBody control, AuthorityState state)
    {
        var grant = control.Grants[0];

        // Removing and demoting others needs rules that are checked in combination; until they are here, roles of others only rise.
        var isRise = grant.Member == author || grant.Role > state.RoleOf(grant.Member);
        return Description.Kind == ConversationKind.Group
            && isRise
            && (state.RoleOf(grant.Member) != Role.None || state.Members.Count < Limits.GroupMembers)
            && state.Permits(author, grant)
            && control.Cards.All(card =>
                (!state.TryGetDevice(card.Device, out var known) || known.Identity == card.Identity)
                && _services.Cards.Contains(card));
    }

    private ControlBody? OpenControl(EntryHeader header, ReadOnlySpan<byte> headerBytes, ReadOnlySpan<byte> body)
    {
        if (header.Suite != EntryHeader.CurrentSuite)
        {
            // What cannot be read cannot be obeyed; a kind of which nothing is known asks for nothing.
            return EntryKind.IsKnownControl(header.Kind) ? null : new ControlBody();
        }

        var prefix = EntryCodec.Prefix(header, headerBytes);
        return BodyCipher.TryOpen(_services.Cryptography, _controlKey, prefix, body, out var plaintext)
            || (header.Kind == EntryKind.Genesis && TryOtherControlKeys(prefix, body, out plaintext))
                ? ControlBody.Parse(header.Kind, plaintext!)
                : null;
    }
}
