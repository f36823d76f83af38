using HiNet.Crdt.Simulation.Bytes;

namespace HiNet.Crdt.Simulation.Tests.Bytes;

public sealed class PatternSetTests
{
    [Fact]
    public void Each_of_many_strings_is_found_at_any_place()
    {
        var set = new PatternSet();
        var random = new Random(1);
        var strings = new byte[300][];
        for (var i = 0; i < strings.Length; i++)
        {
            strings[i] = new byte[8 + (i % 40)];
            random.NextBytes(strings[i]);
            set.Add(strings[i], PatternKind.Text, i);
        }

        for (var i = 0; i < strings.Length; i++)
        {
            byte[] bytes = [.. new byte[i], .. strings[i], .. new byte[5]];
            set.Find(bytes).ShouldNotBeNull().Number.ShouldBe(i);
            set.Find(bytes.AsSpan(0, i + 7)).ShouldBeNull();
        }
    }

    [Fact]
    public void What_is_found_and_does_not_count_is_passed_over()
    {
        var set = new PatternSet();
        set.Add("first text"u8, PatternKind.Text, 1);
        set.Add("other text"u8, PatternKind.Text, 2);
        set.Find("first text, other text"u8, pattern => pattern.Number == 2).ShouldNotBeNull().Number.ShouldBe(2);
        set.Find("nothing of that"u8).ShouldBeNull();
    }

    [Fact]
    public void Short_strings_are_not_taken()
    {
        var set = new PatternSet();
        set.Add("short"u8, PatternKind.PersonName, 1);
        set.Count.ShouldBe(0);
    }
}
