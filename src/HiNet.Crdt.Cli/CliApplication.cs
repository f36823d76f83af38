using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using HiNet.Crdt.Cli.Chat;
using HiNet.Crdt.Cli.Demo;
using HiNet.Crdt.Cli.Doctor;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.Cli.Verbs;

namespace HiNet.Crdt.Cli;

/// <summary>The command tree, and the rules on errors and exit codes: 0 success, 1 failed, 2 wrong usage.</summary>
internal sealed class CliApplication
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private readonly CliEnvironment _environment;
    private readonly GlobalOptions _options = new();
    private readonly RootCommand _root = new("HiNet: direct and group conversations without a server.");

    public CliApplication(CliEnvironment environment)
    {
        _environment = environment;

        // A message may begin with a bracket; directives of the parser must not swallow it.
        _root.Directives.Clear();
        _options.AddTo(_root);
        foreach (var verb in Verbs())
        {
            _root.Add(verb);
        }
    }

    /// <summary>Parses and runs one command line.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // A message may begin with @; files of arguments must not be looked for.
        var result = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        try
        {
            if (result.Action is ParseErrorAction)
            {
                return await WrongAsync(result).ConfigureAwait(false);
            }

            return await result.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = _environment.Out,
                    Error = _environment.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            await SayAsync(e.Message).ConfigureAwait(false);
            return WrongUsage;
        }
        catch (HiNetException e)
        {
            await SayAsync(e.Message).ConfigureAwait(false);
            return Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Failed;
        }
        catch (Exception e) when (NativeLibraries.IsMissing(e, out var sentence))
        {
            await SayAsync(sentence).ConfigureAwait(false);
            return Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await SayAsync(e.Message).ConfigureAwait(false);
            return Failed;
        }
        finally
        {
            await _environment.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Defines a verb.</summary>
    public Command Verb(string name, string description, Func<VerbContext, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Add(argument);
                    break;
                case Option option:
                    command.Add(option);
                    break;
                case Command subcommand:
                    command.Add(subcommand);
                    break;
            }
        }

        command.SetAction((parse, cancellationToken) => run(new VerbContext(parse, _environment, _options), cancellationToken));
        return command;
    }

    private IEnumerable<Command> Verbs() =>
    [
        InitVerb.Define(this),
        RecoverVerb.Define(this),
        RunVerb.Define(this),
        LinkVerb.Define(this),
        InviteVerb.Define(this),
        ContactVerb.Define(this),
        ContactsVerb.Define(this),
        DirectVerb.Define(this),
        GroupVerb.Define(this),
        InvitationsVerb.Define(this),
        ConversationsVerb.Define(this),
        SendVerb.Define(this),
        ReplyVerb.Define(this),
        EditVerb.Define(this),
        DeleteVerb.Define(this),
        ReactVerb.Define(this),
        ReadVerb.Define(this),
        HistoryVerb.Define(this),
        WatchVerb.Define(this),
        StatusVerb.Define(this),
        PeersVerb.Define(this),
        DhtVerb.Define(this),
        ImportVerb.Define(this),
        ExportVerb.Define(this),
        ChatVerb.Define(this),
        DemoVerb.Define(this),
        DoctorVerb.Define(this),
    ];

    private async Task<int> WrongAsync(ParseResult result)
    {
        var path = string.Join(' ', Path(result.CommandResult));
        await SayAsync(result.Errors.Count > 0 ? result.Errors[0].Message : "A verb is needed.").ConfigureAwait(false);
        await _environment.Error.WriteLineAsync($"'{path} --help' tells more.").ConfigureAwait(false);
        return WrongUsage;
    }

    private static IEnumerable<string> Path(SymbolResult? result) => result is CommandResult command
        ? Path(command.Parent).Append(command.Command is RootCommand ? "hinet" : command.Command.Name)
        : [];

    private Task SayAsync(string sentence) => _environment.Error.WriteLineAsync($"hinet: {TerminalText.Clean(sentence)}");
}
