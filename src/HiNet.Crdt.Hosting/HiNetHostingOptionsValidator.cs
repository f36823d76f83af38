using System.Globalization;
using Microsoft.Extensions.Options;

namespace HiNet.Crdt.Hosting;

/// <summary>Says what is wrong with the options, one sentence each, before the node is started.</summary>
internal sealed class HiNetHostingOptionsValidator(IEnumerable<StoreRegistration> stores) : IValidateOptions<HiNetHostingOptions>
{
    private const int WordsInPhrase = 24;

    public ValidateOptionsResult Validate(string? name, HiNetHostingOptions options)
    {
        var problems = new List<string>();
        switch (stores.Count())
        {
            case 0:
                problems.Add("HiNet has no store: call UseRocksDb(path) or UseStore(...) on what AddHiNet returns.");
                break;
            case > 1:
                problems.Add("HiNet has more than one store: call UseRocksDb or UseStore once.");
                break;
        }

        if (options.Name is not null && (string.IsNullOrWhiteSpace(options.Name) || options.Name.Any(char.IsControl)))
        {
            problems.Add("HiNet's Name must have a visible letter and no control characters, or be left out.");
        }

        if (options.Listen is not null && !IsAddress(options.Listen, leastPort: 0))
        {
            problems.Add($"HiNet's Listen is '{options.Listen}': give HOST:PORT, for example 0.0.0.0:4000, with port 0 for any free one.");
        }

        problems.AddRange(options.Bootstrap
            .Where(address => !IsAddress(address, leastPort: 1))
            .Select(address => $"HiNet's Bootstrap has '{address}': give HOST:PORT with a port from 1 to 65535."));
        if (options.Passphrase is { Length: 0 })
        {
            problems.Add("HiNet's Passphrase is empty: leave it out for an unsealed store.");
        }

        if (options.RecoveryPhrase is { } phrase
            && phrase.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length is var words and not WordsInPhrase)
        {
            problems.Add($"HiNet's RecoveryPhrase has {words} words: give all {WordsInPhrase}.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static bool IsAddress(string text, int leastPort)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0)
        {
            return false;
        }

        var host = text[..colon];
        var isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        var kind = Uri.CheckHostName(isBracketed ? host[1..^1] : host);
        return kind != UriHostNameType.Unknown
            && (kind == UriHostNameType.IPv6) == isBracketed
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port >= leastPort
            && port <= 65_535;
    }
}
