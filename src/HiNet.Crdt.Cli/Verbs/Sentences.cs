using HiNet.Crdt.Cli.Home;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary>What several verbs say.</summary>
internal static class Sentences
{
    public static string Unsealed(HomeDirectory home) =>
        $"warning: the secrets in {home.Path} are not sealed; set HINET_PASSPHRASE or give --passphrase-file when making a home to seal it.";
}
