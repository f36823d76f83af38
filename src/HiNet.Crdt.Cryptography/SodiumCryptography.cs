using System.Security.Cryptography;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// The core's cryptography port on libsodium. Allocates nothing except in <see cref="CreatePush"/> and <see cref="CreatePull"/>;
/// thread-safe. Sizes are checked: a span of another size is an <see cref="ArgumentException"/>.
/// Primitives and their use are listed in <c>specs/08-cryptography.md</c>.
/// </summary>
public sealed partial class SodiumCryptography : ICryptography
{
    private static SodiumCryptography? s_instance;

    /// <summary>Loads libsodium unless this process has it already.</summary>
    /// <exception cref="NativeLibraryMissingException">libsodium is missing.</exception>
    public SodiumCryptography() => Sodium.EnsureReady();

    /// <summary>The one instance that a process needs.</summary>
    /// <exception cref="NativeLibraryMissingException">libsodium is missing; the next call tries again.</exception>
    public static SodiumCryptography Instance => s_instance ??= new SodiumCryptography();

    /// <inheritdoc/>
    public unsafe void FillSecret(Span<byte> secret)
    {
        fixed (byte* pointer = secret)
        {
            Sodium.RandomBytes(pointer, (nuint)secret.Length);
        }
    }

    /// <inheritdoc/>
    public void Wipe(Span<byte> secret) => CryptographicOperations.ZeroMemory(secret);
}
