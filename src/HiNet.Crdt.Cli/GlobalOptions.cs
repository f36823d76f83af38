using System.CommandLine;

namespace HiNet.Crdt.Cli;

/// <summary>The options that stand before or behind every verb.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Home { get; } = new("--home")
    {
        Description = "The home: identity, conversations and settings of one person on one device. Default: $HINET_HOME, then ~/.hinet.",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object a line and nothing else.",
        Recursive = true,
    };

    public Option<string?> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "A file with the passphrase that seals the home. Default: $HINET_PASSPHRASE, else unsealed.",
        HelpName = "FILE",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Add(Home);
        root.Add(Json);
        root.Add(PassphraseFile);
    }
}
