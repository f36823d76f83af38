using Microsoft.Extensions.Options;

namespace HiNet.Crdt.Hosting;

/// <summary>Says what is wrong with the options before the node is started.</summary>
internal sealed class HiNetHostingOptionsValidator(IEnumerable<StoreRegistration> stores) : IValidateOptions<HiNetHostingOptions>
{
    private const int WordsInPhrase = 24;

    public ValidateOptionsResult Validate(string? name, HiNetHostingOptions options)
    {
        switch (stores.Count())
        {
            case 0:
                return ValidateOptionsResult.Fail("HiNet has no store: call UseRocksDb(path) or UseStore(store) on what AddHiNet returns.");
            case > 1:
                return ValidateOptionsResult.Fail("HiNet has more than one store: call UseRocksDb or UseStore once.");
        }

        if (options.RecoveryPhrase?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length is { } words and not WordsInPhrase)
        {
            return ValidateOptionsResult.Fail($"HiNet's RecoveryPhrase has {words} words: give all {WordsInPhrase}.");
        }

        try
        {
            options.ToNodeOptions(stores.Single().Store).Validate();
            return ValidateOptionsResult.Success;
        }
        catch (InvalidOptionsException e)
        {
            return ValidateOptionsResult.Fail(e.Message);
        }
    }
}
