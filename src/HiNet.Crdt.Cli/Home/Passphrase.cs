using System.Text;

namespace HiNet.Crdt.Cli.Home;

/// <summary>Where the passphrase comes from. Nothing ever prompts for it.</summary>
internal static class Passphrase
{
    private const int Longest = 4_096;

    /// <summary>From the file, else <c>$HINET_PASSPHRASE</c>, else null.</summary>
    public static string? Read(string? file, Func<string, string?> variable)
    {
        if (file is null)
        {
            var value = variable("HINET_PASSPHRASE");
            return string.IsNullOrEmpty(value) ? null : value;
        }

        try
        {
            if (new FileInfo(file).Length > Longest)
            {
                throw new HiNetException($"{file} is too long for a passphrase; {Longest:N0} bytes are the most.");
            }

            var text = File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true)).TrimEnd('\r', '\n');
            return text.Length > 0 ? text : throw new HiNetException($"{file} is empty; it should hold the passphrase.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new HiNetException($"The passphrase cannot be read from {file}: {e.Message}", e);
        }
    }
}
