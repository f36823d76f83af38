namespace HiNet.Crdt.Cli.Chat;

/// <summary>Where a chat is shown and typed.</summary>
internal interface IChatScreen : IDisposable
{
    /// <summary>Shows a line of markup without disturbing what is being typed. From any thread.</summary>
    void Show(string markup);

    /// <summary>The lines typed, until the person leaves.</summary>
    IAsyncEnumerable<string> ReadLinesAsync(CancellationToken cancellationToken);
}
