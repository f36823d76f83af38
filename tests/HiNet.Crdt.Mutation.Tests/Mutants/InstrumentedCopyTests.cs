using HiNet.Crdt.Mutation.Tests.Support;

namespace HiNet.Crdt.Mutation.Tests.Mutants;

public class InstrumentedCopyTests
{
    private const string Clamp = """
        public static int Clamp(int value, int limit)
        {
            if (value > limit)
            {
                return limit;
            }

            return value;
        }
        """;

    [Fact]
    public void A_check_that_looks_kills_every_mutant_but_the_one_that_changes_nothing()
    {
        var planted = Planted.Members(Clamp);
        var killed = planted.KilledBy(call => Enumerable.Range(0, 9).All(value => Equals(call("Clamp", [value, 4]), Math.Min(value, 4))));
        planted.Mutants.Except(killed).Select(mutant => mutant.After).ShouldBe(["value >= limit"]);
    }

    [Fact]
    public void A_check_that_does_not_look_kills_none()
    {
        var planted = Planted.Members(Clamp);
        planted.KilledBy(call => call("Clamp", [1, 4]) is int).ShouldBeEmpty();
        planted.Mutants.Count.ShouldBe(3);
    }

    [Fact]
    public void With_no_mutant_on_all_is_as_it_was()
    {
        var planted = Planted.Members("""
            public static string Words(IReadOnlyList<string> words, int most)
            {
                var kept = new List<string>();
                for (var i = 0; i < words.Count && kept.Count < most; i++)
                {
                    if (words[i] is not { Length: > 0 } word || !char.IsLetter(word[0]))
                    {
                        continue;
                    }

                    kept.Add(word.Length > 3 ? word[..3] : word);
                }

                return kept.Count == 0 ? "none" : string.Join(' ', kept.Order(StringComparer.Ordinal));
            }
            """);
        planted.Call(0, "Words", new[] { "pear", "", "1", "fig", "apple" }, 2).ShouldBe("fig pea");
        planted.Call(0, "Words", Array.Empty<string>(), 2).ShouldBe("none");
        planted.Mutants.Count.ShouldBeGreaterThan(15);
    }

    [Theory]
    [InlineData("public static bool Take(out int value) { value = 3; return true; }", "value = 3; => nothing")]
    [InlineData("public static int Take(object a) { if (a is not int value) { return 0; } return value; }", "if (a is not int value) { return 0; } => nothing")]
    [InlineData("public static int Take(object a) => a is int value && value > 3 ? value : 0;", "a is int value => true")]
    public void A_mutant_that_does_not_compile_is_left_out_and_the_others_stay(string source, string left)
    {
        var planted = Planted.Members(source);
        planted.Dropped.ShouldBeGreaterThan(0);
        planted.Changes.ShouldNotContain(left);
        planted.Mutants.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_loop_without_an_end_is_stopped()
    {
        var planted = Planted.Members("public static int Sum(int n) { var sum = 0; var i = 0; while (i < n) { sum += i; i++; } return sum; }");
        planted.Call(0, "Sum", 4).ShouldBe(6);
        var endless = planted.Mutants.Single(mutant => mutant is { Before: "i++;", After: "nothing" });
        planted.Field("Steps").SetValue(null, 0L);
        planted.Field("StepLimit").SetValue(null, 10_000L);
        Should.Throw<Exception>(() => planted.Call(endless.Id, "Sum", 4)).GetType().Name.ShouldBe("StepsExceededException");
    }

    [Fact]
    public void A_mutant_keeps_its_key_when_its_lines_move()
    {
        var before = Planted.Members(Clamp);
        var after = Planted.Members("public static int Other(int a) => a - 1;\n\n" + Clamp);
        after.Mutants.Where(mutant => mutant.Member == "Subject.Clamp").Select(mutant => mutant.Key).ShouldBe(before.Mutants.Select(mutant => mutant.Key));
        after.Mutants.Select(mutant => mutant.Key).ShouldBeUnique();
    }
}
