using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cli;

/// <summary>The entry point of <c>hinet</c>.</summary>
internal static partial class Program
{
    private const int Interrupt = 2;
    private static readonly nint Default = 0;

    private static async Task<int> Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            // The first signal asks, a second one is left to the system.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        // Shells start background jobs of scripts with SIGINT ignored, which .NET respects; 'run' ends on it all the same.
        _ = Signal(Interrupt, Default);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        return await new CliApplication(CliEnvironment.OfProcess()).RunAsync(arguments, stop.Token).ConfigureAwait(false);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}
