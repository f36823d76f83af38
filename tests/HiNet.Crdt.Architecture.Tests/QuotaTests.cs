using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Architecture.Tests;

/// <summary>The page of quotas says what the code does.</summary>
public partial class QuotaTests
{
    private const string Page = "specs/15-quotas.md";

    /// <summary>Bounds of <see cref="Limits"/> that nobody can make something grow by: pauses and times of this node's own.</summary>
    private static readonly string[] Unlisted =
    [
        "LinkReportBytes", "InviteGrace", "KnockPause", "OwnHeadPatience", "ClockTolerance", "EarliestTime", "LateAfter", "IdleLink",
    ];

    private static readonly Dictionary<string, Type> CoreTypes = typeof(Limits).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("HiNet.Crdt.Core", StringComparison.Ordinal) == true && !type.IsNested)
        .GroupBy(type => type.Name).ToDictionary(group => group.Key, group => group.First());

    [Fact]
    public void Each_bound_on_the_page_is_what_it_is_in_the_code()
    {
        Rows.Count.ShouldBeGreaterThan(40);
        Rows.Where(row => ValueOf(row.Name) != row.Bound).Select(row => $"{row.Name}: the page says {row.Bound}, the code {ValueOf(row.Name)}").ShouldBeEmpty();
    }

    [Fact]
    public void Each_limit_in_the_code_is_on_the_page() =>
        typeof(Limits).GetFields().Select(field => field.Name).Except(Unlisted).Except(Rows.Select(row => row.Name[(row.Name.IndexOf('.') + 1)..])).ShouldBeEmpty();

    private static List<(string Name, double Bound)> Rows { get; } =
    [
        .. Checkout.Read(Page).Split('\n')
            .Select(line => Row().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups["name"].Value, BoundOf(match.Groups["bound"].Value))),
    ];

    [GeneratedRegex(@"^\|[^|]*\| (?<bound>[^|]*) \|.*\| `(?<name>\w+\.\w+)` \|$")]
    private static partial Regex Row();

    /// <summary>In bytes, seconds, or plainly.</summary>
    private static double BoundOf(string text)
    {
        var words = text.Split(' ');
        return double.Parse(words[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) * words.ElementAtOrDefault(1) switch
        {
            null => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "min" => 60,
            "day" or "days" => 86_400,
            var unit => throw new FormatException($"{Page} has the unit {unit}."),
        };
    }

    private static double ValueOf(string name)
    {
        var (type, member) = (name[..name.IndexOf('.')], name[(name.IndexOf('.') + 1)..]);
        return CoreTypes.TryGetValue(type, out var core) ? ValueIn(core, member) : ValueInText(type, member);
    }

    private static double ValueIn(Type type, string member)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        var value = type.GetField(member, Any)?.GetValue(null)
            ?? type.GetProperty(member, Any)!.GetValue(type.GetProperty("Default", Any)!.GetValue(null));
        return value is TimeSpan time ? time.TotalSeconds : Convert.ToDouble(value, CultureInfo.InvariantCulture);
    }

    private static double ValueInText(string type, string member)
    {
        var file = Checkout.Sources("src").Single(path => path.EndsWith($"/{type}.cs", StringComparison.Ordinal));
        var match = Regex.Match(Checkout.Read(file), $@"const int {member} = (\d+);");
        return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : double.NaN;
    }
}
