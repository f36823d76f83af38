using System.Runtime.CompilerServices;

namespace HiNet.Crdt.LocalApi.Client;

/// <summary>Cuts a stream into batches of what is there already, so that a slow source is answered at once and a fast one in bulk.</summary>
internal static class Batches
{
    public static async IAsyncEnumerable<Batch> OfWhatIsThereAsync(
        IAsyncEnumerable<string> source,
        int longest,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = new LookAhead<string>(source, cancellationToken);
        await using var _ = items.ConfigureAwait(false);
        Task<bool>? next = null;
        while (true)
        {
            next ??= items.NextAsync();
            if (!await next.ConfigureAwait(false))
            {
                yield break;
            }

            var batch = new List<string>();
            Exception? failure = null;
            do
            {
                batch.Add(items.Current);
                next = items.NextAsync();
                failure = next.Exception?.GetBaseException();
            }
            while (batch.Count < longest && next.IsCompletedSuccessfully && next.Result);

            // What was read before the source failed is still sent.
            yield return new Batch(batch, failure);
            if (failure is not null)
            {
                yield break;
            }
        }
    }
}
