using System.Text;
using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class DomainsTests
{
    [Fact]
    public void No_domain_is_the_beginning_of_another()
    {
        string[] domains = [.. All()];
        domains.Length.ShouldBeGreaterThan(10);
        foreach (var domain in domains)
        {
            domain.ShouldStartWith("hinet/v1/");
            domains.Count(other => other.StartsWith(domain, StringComparison.Ordinal)).ShouldBe(1, domain);
        }
    }

    private static IEnumerable<string> All() => typeof(Domains).GetProperties().Select(property =>
        Encoding.ASCII.GetString(property.GetMethod!.CreateDelegate<Tag>()()));

    private delegate ReadOnlySpan<byte> Tag();
}
