using System.Globalization;
using HiNet.Crdt.Mutation.Running;

namespace HiNet.Crdt.Mutation.Tests.Running;

public class TestCaseTests
{
    // The sample's tests are run as tests too, on other threads.
    [ThreadStatic]
    private static List<string>? s_ran;

    public static TheoryData<string> Words => ["one", "two"];

    [Fact]
    public void Tests_and_their_rows_are_found_and_run()
    {
        var cases = TestCase.Of(typeof(TestCaseTests).Assembly).Where(test => test.Name.StartsWith(typeof(Sample).FullName!, StringComparison.Ordinal)).ToList();
        cases.Select(test => test.Name[(typeof(Sample).FullName!.Length + 1)..]).ShouldBe(["Fact", "Numbers#0", "Numbers#1", "Texts#0", "Texts#1"]);
        s_ran = [];
        cases.ForEach(test => test.Run());
        s_ran.ShouldBe(["fact", "7", "8", "one", "two"]);
    }

    [Fact]
    public void What_a_test_throws_is_its_failure()
    {
        var name = $"{typeof(TestCaseTests).FullName}.{nameof(Fails_when_told_to)}";
        var test = TestCase.Of(typeof(TestCaseTests).Assembly).Single(test => test.Name == name);
        test.Run();
        s_fails = true;
        try
        {
            Should.Throw<ShouldAssertException>(test.Run);
        }
        finally
        {
            s_fails = false;
        }
    }

    [Fact]
    public void Fails_when_told_to() => s_fails.ShouldBeFalse();

    private static bool s_fails;

    public class Sample
    {
        [Fact]
        public void Fact() => s_ran?.Add("fact");

        [Theory]
        [InlineData(7)]
        [InlineData(8)]
        public void Numbers(ulong number) => s_ran?.Add(number.ToString(CultureInfo.InvariantCulture));

        [Theory]
        [MemberData(nameof(Words), MemberType = typeof(TestCaseTests))]
        public void Texts(string word) => s_ran?.Add(word);
    }
}
