using HiNet.Crdt.Mutation.Tests.Support;

namespace HiNet.Crdt.Mutation.Tests.Mutators;

public class ChangeTests
{
    [Theory]
    [InlineData("public static bool F(int a, int b) => a < b;", "a < b => a <= b", "a < b => a >= b")]
    [InlineData("public static bool F(int a, int b) => a >= b;", "a >= b => a > b", "a >= b => a < b")]
    [InlineData("public static bool F(string a, string b) => a == b;", "a == b => a != b")]
    [InlineData("public static bool F(bool a, bool b, bool c) => a && b && c;", "a => true", "b => true", "c => true")]
    [InlineData("public static bool F(bool a, bool b) => a || b;", "a => false", "b => false")]
    [InlineData("public static bool F(bool a) => !a;", "!a => a")]
    [InlineData("public static bool F() => true;", "true => false")]
    [InlineData("public static long F(long a, long b) => a + b;", "a + b => a - b")]
    [InlineData("public static int F(int a, int b) => a % b;", "a % b => a / b")]
    [InlineData("public static DateTimeOffset F(DateTimeOffset a, TimeSpan b) => a + b;", "a + b => a - b")]
    [InlineData("public static int F(int a) => a + 7;", "a + 7 => a - 7", "a + 7 => a + 6", "a + 7 => a + 8")]
    [InlineData("public static TimeSpan F() => TimeSpan.FromSeconds(30);", "TimeSpan.FromSeconds(30) => TimeSpan.FromSeconds(300)")]
    [InlineData("public static bool F(int a) => a is > 0 and <= 9;", "a is > 0 and <= 9 => a is >= 0 and <= 9", "a is > 0 and <= 9 => a is > 0 and < 9")]
    [InlineData("public static int F(int a, int b) => Math.Min(a, b);", "Math.Min(a, b) => Math.Max(a, b)")]
    [InlineData("public static int F(List<int> a) => a.First();", "a.First() => a.Last()")]
    [InlineData("public static string? F(string? a, string b) => a ?? b;", "a ?? b => b")]
    [InlineData("public static int F(bool c, int a, int b) => c ? a : b;", "c => !(c)")]
    [InlineData("public static string F(string a, string b) => string.Concat(a, b);", "string.Concat(a, b) => string.Concat(b, a)")]
    [InlineData("public static void F(List<int> a, int b) => a.Add(b);", "a.Add(b) => nothing")]
    [InlineData("public static void F(List<int> a, int b) { a.Add(b); }", "a.Add(b); => nothing")]
    [InlineData("public static int F(int a) { a += 2; return a; }", "a += 2; => nothing", "a += 2; => a -= 2", "a += 2 => a += 1", "a += 2 => a += 3")]
    [InlineData("public static int F(List<int> a, int b) { a.Clear(); if (a.Contains(b)) { return b; } return b; }", "a.Clear(); => nothing", "a.Contains(b) => !(a.Contains(b))", "if (a.Contains(b)) { return b; } => nothing")]
    [InlineData("public static IEnumerable<int> F(List<int> a, Func<int, bool> b) => a.Where(b);", "a.Where(b) => a")]
    [InlineData("public sealed class P { public string? Q { get; set; } } public static P F(string a) => new P { Q = a };", "a => default")]
    public void What_is_changed_is_what_is_meant_to_be(string source, params string[] changes) => Planted.Members(source).Changes.ShouldBe(changes, ignoreOrder: true);

    [Theory]
    [InlineData("public static void F(object a) => ArgumentNullException.ThrowIfNull(a);")]
    [InlineData("public static int F() => throw new InvalidOperationException($\"{1 + 1} words\");")]
    [InlineData("[Obsolete(\"1\", false)] public static string F(string a = \"b\") => a;")]
    [InlineData("public const int F = 5;")]
    [InlineData("public static readonly int[] F = [1, 2];")]
    [InlineData("public static List<int> F() => new List<int>(16);")]
    [InlineData("public static string F(string a, string b) => a + b;")]
    public void What_must_be_constant_or_says_nothing_is_left_alone(string source) => Planted.Members(source).Changes.ShouldBeEmpty();

    [Fact]
    public void A_constant_is_one_bound_wherever_it_is_used()
    {
        var planted = Planted.Files(
            file => file == "Limits.cs",
            ("Limits.cs", "public static class Limits { public const byte Most = 16; }"),
            ("Subject.cs", "public static class Subject { public static bool IsFull(int a) => a >= Limits.Most; public static int Room(int a) => Limits.Most - a; }"));
        planted.Changes.ShouldBe(["Most = 16 => Most = 15", "Most = 16 => Most = 17"]);
        planted.Call(planted.Mutants[0].Id, "IsFull", 15).ShouldBe(true);
        planted.Call(planted.Mutants[0].Id, "Room", 1).ShouldBe(14);
        planted.Call(planted.Mutants[1].Id, "Room", 1).ShouldBe(16);
        planted.Call(0, "IsFull", 15).ShouldBe(false);
    }
}
