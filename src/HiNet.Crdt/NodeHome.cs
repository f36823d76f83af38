using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Storage;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt;

/// <summary>The secrets that a store holds, and what there is to say about them.</summary>
/// <param name="Secrets">The device's.</param>
/// <param name="NewRecoveryPhrase">24 words when the identity was made just now and from nothing; else null.</param>
/// <param name="IsUnsealed">True when the store holds them open.</param>
internal sealed record NodeHome(HomeSecrets Secrets, string? NewRecoveryPhrase, bool IsUnsealed)
{
    private static byte[] Key => "home"u8.ToArray();

    internal static bool Exists(IStoreReader store) => store.TryGet(ColumnFamily.Secrets, Key, out _);

    /// <summary>Opens the home of a store, or makes one in a store that is empty.</summary>
    /// <exception cref="HiNetException">A wrong or missing passphrase, damaged secrets, or the phrase of somebody else.</exception>
    internal static NodeHome Open(IEntryStore store, HiNetOptions options, ICryptography cryptography, ILogger logger)
    {
        var home = store.TryGet(ColumnFamily.Secrets, Key, out var blob)
            ? Load(store, blob, options, cryptography)
            : Create(store, options, cryptography);
        if (home.IsUnsealed)
        {
            logger.HomeUnsealed(store.Location);
        }

        return home;
    }

    private static NodeHome Load(IEntryStore store, byte[] blob, HiNetOptions options, ICryptography cryptography)
    {
        var sealer = new PassphraseSealer();
        var isUnsealed = !PassphraseSealer.IsSealed(blob);
        var encoded = sealer.Open(blob, options.Passphrase);
        try
        {
            if (!HomeSecrets.TryDecode(cryptography, encoded, out var secrets))
            {
                throw new HiNetException(
                    $"The secrets in {store.Location} are damaged or from a newer version: restore a backup, or recover the identity into an empty store.");
            }

            if (options.RecoveryPhrase is not null)
            {
                RequireOwn(options.RecoveryPhrase, secrets.Identity, cryptography, store.Location);
            }

            if (isUnsealed && options.Passphrase is not null)
            {
                var batch = new WriteBatch();
                batch.Erase(ColumnFamily.Secrets, Key, sealer.Seal(encoded, options.Passphrase));
                store.Write(batch, sync: true);
                isUnsealed = false;
            }

            return new NodeHome(secrets, null, isUnsealed);
        }
        finally
        {
            cryptography.Wipe(encoded);
        }
    }

    private static NodeHome Create(IEntryStore store, HiNetOptions options, ICryptography cryptography)
    {
        RequireEmpty(store);
        using var phrase = options.RecoveryPhrase is null
            ? RecoveryPhrase.Create(cryptography)
            : RecoveryPhrase.Parse(options.RecoveryPhrase);
        Span<byte> identity = stackalloc byte[Bytes32.Size];
        Span<byte> agreement = stackalloc byte[Bytes32.Size];
        byte[] encoded = [];
        try
        {
            phrase.DeriveSeed(identity, "identity"u8);
            phrase.DeriveSeed(agreement, "agreement"u8);
            var secrets = HomeSecrets.Create(cryptography, options.Name ?? HiNetOptions.DefaultName, identity, agreement);
            encoded = secrets.Encode();
            var batch = new WriteBatch();
            batch.Put(ColumnFamily.Secrets, Key, new PassphraseSealer().Seal(encoded, options.Passphrase));
            store.Write(batch, sync: true);
            return new NodeHome(secrets, options.RecoveryPhrase is null ? phrase.ToString() : null, options.Passphrase is null);
        }
        finally
        {
            cryptography.Wipe(identity);
            cryptography.Wipe(agreement);
            cryptography.Wipe(encoded);
        }
    }

    private static void RequireEmpty(IEntryStore store)
    {
        using var conversations = store.Scan(ColumnFamily.Conversations, [], []);
        if (conversations.MoveNext())
        {
            throw new HiNetException(
                $"The store at {store.Location} has conversations but no identity: restore a backup, or start with an empty store.");
        }
    }

    private static void RequireOwn(string words, IdentityId expected, ICryptography cryptography, string location)
    {
        using var phrase = RecoveryPhrase.Parse(words);
        Span<byte> seed = stackalloc byte[Bytes32.Size];
        Span<byte> publicKey = stackalloc byte[Bytes32.Size];
        Span<byte> secretKey = stackalloc byte[64];
        phrase.DeriveSeed(seed, "identity"u8);
        cryptography.Ed25519FromSeed(seed, publicKey, secretKey);
        cryptography.Wipe(seed);
        cryptography.Wipe(secretKey);
        if (new IdentityId(publicKey) != expected)
        {
            throw new HiNetException($"The recovery phrase is of another identity than the one in {location}: use an empty store for it.");
        }
    }
}
