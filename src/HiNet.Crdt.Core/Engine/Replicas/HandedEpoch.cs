using Google.Protobuf;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>An epoch that an invitation names as the newest: whoever joins looks for the members under its secret.</summary>
/// <param name="By">Who invited.</param>
/// <param name="Epoch">The epoch's entry, which need not be here.</param>
/// <param name="Secret">Its secret, by the word of who invited.</param>
internal sealed record HandedEpoch(IdentityId By, EntryId Epoch, Bytes32 Secret)
{
    public HandedEpochRecord Encode() => new()
    {
        By = ByteString.CopyFrom(By.ToArray()),
        Epoch = ByteString.CopyFrom(Epoch.ToArray()),
        Secret = ByteString.CopyFrom(Secret.ToArray()),
    };

    public static List<HandedEpoch> Decode(IEnumerable<HandedEpochRecord> records) =>
    [
        .. records
            .Where(record => record.By.Length == Bytes32.Size && record.Epoch.Length == Bytes32.Size && record.Secret.Length == Bytes32.Size)
            .Select(record => new HandedEpoch(new IdentityId(record.By.Span), new EntryId(record.Epoch.Span), new Bytes32(record.Secret.Span))),
    ];
}
