using System.Text.RegularExpressions;

namespace HiNet.Crdt.Architecture.Tests;

/// <summary>
/// Inside the core, Ports, Identity and Log are the base; each protocol folder sees those three and itself; they all
/// meet in Engine and nowhere else. The wire types (HiNet.Crdt.Core.Protocol), generated but for their
/// canonical form, are open to everyone and see nobody.
/// </summary>
public partial class CoreFolderTests
{
    private const string Home = "src/HiNet.Crdt.Core/";
    private const string Wire = "Protocol";

    private static readonly string[] Base = ["Ports", "Identity", "Log"];
    private static readonly string[] Protocols = ["Authority", "Conversations", "Encryption", "Links", "Sync", "Dht", "Gossip", "Discovery"];

    private static readonly Dictionary<string, string[]> Allowed = new(Protocols.Select(folder => KeyValuePair.Create(folder, Base)))
    {
        [Wire] = [],
        ["Ports"] = [],
        ["Identity"] = ["Ports"],
        ["Log"] = ["Ports", "Identity"],
        ["Engine"] = [.. Base, .. Protocols],
    };

    // The types of each folder by name, for references that lean on the enclosing namespace: Log.Entry inside HiNet.Crdt.Core.Sync.
    private static readonly HashSet<string> Types =
        [.. Checkout.Sources("src/HiNet.Crdt.Core").Select(file => $"{FolderOf(file)}.{Path.GetFileNameWithoutExtension(file)}")];

    [Fact]
    public void Folders_reference_only_the_base_and_themselves() =>
        Checkout.Sources("src/HiNet.Crdt.Core").SelectMany(file => Violations(file, Checkout.Read(file), Types)).ShouldBeEmpty();

    [Fact]
    public void No_hidden_usings_reach_the_core() =>
        ProjectFile.Includes(Checkout.Projects.Single(project => project.Name == "HiNet.Crdt.Core").Document, "Using").ShouldBeEmpty();

    [Theory]
    [InlineData("Sync/Exchange.cs", "using HiNet.Crdt.Core.Links;")]
    [InlineData("Sync/Exchange.cs", "using Channel = HiNet.Crdt.Core.Links.Channel;")]
    [InlineData("Sync/Exchange.cs", "using static HiNet.Crdt.Core.Links.Channel;")]
    [InlineData("Sync/Exchange.cs", "var c = new global::HiNet.Crdt.Core.Links.Channel();")]
    [InlineData("Sync/Exchange.cs", "var c = new Links.Channel();")]
    [InlineData("Sync/Exchange.cs", "using HiNet.Crdt.Core.Engine;")]
    [InlineData("Log/Entry.cs", "using HiNet.Crdt.Core.Sync;")]
    [InlineData("Identity/Invite.cs", "using HiNet.Crdt.Core.Log;")]
    [InlineData("Ports/Port.cs", "using HiNet.Crdt.Core.Identity;")]
    [InlineData("Protocol/Codec.cs", "using HiNet.Crdt.Core.Ports;")]
    [InlineData("Stray.cs", "")]
    [InlineData("Misc/Stray.cs", "")]
    public void A_sideways_or_upward_reference_is_found(string file, string source) =>
        Violations(Home + file, source, ["Links.Channel"]).ShouldNotBeEmpty();

    [Theory]
    [InlineData("Sync/Exchange.cs", "using HiNet.Crdt.Core.Log; using HiNet.Crdt.Core.Ports; using HiNet.Crdt.Core.Protocol;")]
    [InlineData("Sync/Exchange.cs", "// as in HiNet.Crdt.Core.Links\nvar open = this.Links.Count;")]
    [InlineData("Gossip/Membership/View.cs", "using HiNet.Crdt.Core.Gossip.Broadcast;")]
    [InlineData("Engine/NodeCore.cs", "using HiNet.Crdt.Core.Links; using HiNet.Crdt.Core.Sync;")]
    public void A_downward_reference_is_not(string file, string source) =>
        Violations(Home + file, source, ["Links.Channel"]).ShouldBeEmpty();

    private static string FolderOf(string file) => file[Home.Length..].Split('/') is [var folder, _, ..] ? folder : "";

    private static IEnumerable<string> Violations(string file, string source, HashSet<string> types)
    {
        var folder = FolderOf(file);
        if (!Allowed.TryGetValue(folder, out var allowed))
        {
            return [$"{file} stands in no folder of the core that this test knows"];
        }

        var code = CSharpText.CodeOf(source);
        return QualifiedReference().Matches(code).Select(match => match.Groups[1].Value)
            .Concat(RelativeReference().Matches(code).Where(match => types.Contains(match.Value)).Select(match => match.Groups[1].Value))
            .Distinct()
            .Where(target => target != folder && target != Wire && !allowed.Contains(target))
            .Select(target => $"{file} must not reference {target}");
    }

    [GeneratedRegex(@"(?<!namespace\s)\bHiNet\.Crdt\.Core\.(\w+)")]
    private static partial Regex QualifiedReference();

    [GeneratedRegex(@"(?<![\w.])(\w+)\.\w+")]
    private static partial Regex RelativeReference();
}
