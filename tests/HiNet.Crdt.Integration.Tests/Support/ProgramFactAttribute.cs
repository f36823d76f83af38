namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>A test that needs a program of the system, and says so where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program)
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [];
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Skip = $"needs {program}, which is not installed";
        }
    }
}
