using Spectre.Console;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary>Progress of long work, on standard error and only on a terminal.</summary>
internal static class ProgressBar
{
    /// <param name="environment">Where.</param>
    /// <param name="what">What is being done.</param>
    /// <param name="total">At which value it is done.</param>
    /// <param name="work">Reports a value up to the total, and how many messages that were.</param>
    public static Task RunAsync(CliEnvironment environment, string what, long total, Func<Action<long, long>, Task> work)
    {
        if (!environment.IsErrorTerminal)
        {
            return work((_, _) => { });
        }

        return environment.ConsoleForProgress().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(progress =>
            {
                var task = progress.AddTask(what, maxValue: Math.Max(1, total));
                return work((value, messages) =>
                {
                    task.Value = value;
                    task.Description = $"{what} {messages:N0}";
                });
            });
    }
}
