namespace HiNet.Crdt.Mutation.Tests;

public class OptionsTests
{
    [Theory]
    [InlineData("Log", "Log/Entry.cs", true)]
    [InlineData("Log", "Logging/Entry.cs", false)]
    [InlineData("src/HiNet.Crdt.Core/Log/", "Log/Entry.cs", true)]
    [InlineData("src/HiNet.Crdt.Core", "Log/Entry.cs", true)]
    [InlineData("Log/Entry.cs", "Log/Entry.cs", true)]
    [InlineData("Log/Entry.cs", "Log/EntryCodec.cs", false)]
    [InlineData("Engine", "Engine/Reading/Pager.cs", true)]
    public void A_path_is_a_folder_or_a_file_of_the_core(string path, string file, bool isWanted) => Options.Parse([path])!.Wants(file).ShouldBe(isWanted);

    [Fact]
    public void Everything_is_wanted_when_nothing_is_named() => Options.Parse([])!.Wants("Log/Entry.cs").ShouldBeTrue();

    [Fact]
    public void Every_option_is_read()
    {
        var options = Options.Parse(["Log", "--seeds", "0", "Sync", "--seconds", "5", "--workers", "3", "--sample", "2/7", "--limit", "9", "--all", "--json"])!;
        options.Paths.ShouldBe(["Log", "Sync"]);
        (options.Seeds, options.Budget, options.Workers, options.Sample, options.Samples, options.Limit, options.All, options.Json)
            .ShouldBe((0, TimeSpan.FromSeconds(5), 3, 2, 7, 9, true, true));
    }

    [Theory]
    [InlineData("--seeds")]
    [InlineData("--seeds", "-1")]
    [InlineData("--sample", "3/2")]
    [InlineData("--sample", "0/2")]
    [InlineData("--workers", "0")]
    [InlineData("--unknown")]
    public void What_is_no_command_line_is_refused(params string[] arguments)
    {
        var wrong = "";
        Options.Parse(arguments, problem => wrong = problem).ShouldBeNull();
        wrong.ShouldContain(arguments[0]);
    }

    [Fact]
    public void The_usage_names_every_option() => Options.Usage.ShouldContain("--sample I/N");

    [Fact]
    public void Each_mutant_is_in_one_sample_of_several()
    {
        for (ulong i = 0; i < 100; i++)
        {
            var key = (i * 0x9E37_79B9_7F4A_7C15).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
            Enumerable.Range(1, 5).Count(sample => Options.Parse(["--sample", $"{sample}/5"])!.IsInSample(key)).ShouldBe(1);
        }
    }
}
