namespace HiNet.Crdt.LocalApi.Tests.Fakes;

/// <summary>A bound on everything that a test waits for.</summary>
internal static class Bounded
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(20);

    public static CancellationToken Token() => new CancellationTokenSource(Time).Token;

    public static async Task<List<T>> TakeAsync<T>(this IAsyncEnumerable<T> source, int count)
    {
        var taken = new List<T>();
        await foreach (var item in source.WithCancellation(Token()))
        {
            taken.Add(item);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }

    public static async IAsyncEnumerable<T> AsAsync<T>(this IEnumerable<T> source)
    {
        foreach (var item in source)
        {
            await Task.Yield();
            yield return item;
        }
    }
}
