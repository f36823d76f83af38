using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>People who exist as a card and no more: enough to write to them.</summary>
internal static class Strangers
{
    public static HomeSecrets Create()
    {
        Span<byte> identity = stackalloc byte[Bytes32.Size], agreement = stackalloc byte[Bytes32.Size];
        SodiumCryptography.Instance.FillSecret(identity);
        SodiumCryptography.Instance.FillSecret(agreement);
        return HomeSecrets.Create(SodiumCryptography.Instance, "Someone", identity, agreement);
    }

    /// <summary>An invite of a fresh stranger.</summary>
    public static string CreateInvite() => CreateInvite(Create());

    /// <summary>An invite without an address, so that nobody dials.</summary>
    public static string CreateInvite(HomeSecrets secrets) => Invite.Create(
        SodiumCryptography.Instance,
        secrets.Card(SodiumCryptography.Instance),
        DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds(),
        []).ToString();
}
