using System.Globalization;
using System.Text.Json;

namespace HiNet.Crdt.Cli.Tests;

/// <summary>The JSON that scripts rely on.</summary>
public sealed class JsonTests
{
    [Fact]
    public async Task Init_gives_identity_device_and_24_words_and_warns_beside()
    {
        using var cli = new TestCli();
        var outcome = await cli.RunAsync("init", "--name", "alice", "--json");
        var line = outcome.Line();
        line.Fields().ShouldBe(["identity", "device", "phrase"]);
        line.GetProperty("phrase").GetArrayLength().ShouldBe(24);
        outcome.Error.ShouldContain("not sealed");
        cli.Opening!.Name.ShouldBe("alice");

        var again = await cli.RunAsync("init", "--name", "alice", "--json");
        again.Code.ShouldBe(1);
        again.Error.ShouldContain("already");
    }

    [Fact]
    public async Task The_passphrase_comes_from_the_variable_or_from_a_file()
    {
        using var cli = new TestCli();
        cli.Variables["HINET_PASSPHRASE"] = "from variable";
        var outcome = await cli.RunAsync("init", "--name", "alice");
        outcome.Error.ShouldBeEmpty();
        cli.Opening!.Passphrase.ShouldBe("from variable");

        var file = Path.Combine(cli.Home, "passphrase");
        await File.WriteAllTextAsync(file, "from file\n");
        await cli.RunAsync("contacts", "--passphrase-file", file);
        cli.Opening!.Passphrase.ShouldBe("from file");

        (await cli.RunAsync("contacts", "--passphrase-file", "/no/such/file")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task People_have_identity_and_name()
    {
        using var cli = TestCli.WithIdentity();
        (await cli.RunAsync("--json", "invite", "--address", "127.0.0.1:9")).Line().Text("invite").ShouldBe("hinet:alice+127.0.0.1:9");
        var added = (await cli.RunAsync("--json", "contact", "add", "hinet:bob", "--name", "Bobby")).Line();
        added.Fields().ShouldBe(["identity", "name", "status"]);
        added.Text("name").ShouldBe("Bobby");
        added.Text("status").ShouldBe("met");
        (await cli.RunAsync("--json", "contacts")).Line().GetRawText().ShouldBe(added.GetRawText());
        (await cli.RunAsync("--json", "direct", "Bobby")).Line().Fields().ShouldBe(["conversation"]);
        (await cli.RunAsync("--json", "group", "create", "team", "--member", added.Text("identity"))).Code.ShouldBe(0);
        var members = (await cli.RunAsync("--json", "group", "members", "team")).Lines();
        members[1].Fields().ShouldBe(["identity", "name", "role", "since", "tentative"]);
        members.Select(m => m.Text("name")).ShouldBe(["alice", "Bobby"]);
        members[0].Text("role").ShouldBe("member");
    }

    [Fact]
    public async Task Invitations_are_lines_and_a_decision_names_the_group()
    {
        using var cli = TestCli.WithIdentity();
        var bob = cli.Node.AddContact("bob", "Bob");
        var crew = cli.Node.Invite("crew", bob, 4);
        var noise = cli.Node.Invite("noise", bob, 9);
        var lines = (await cli.RunAsync("--json", "invitations")).Lines();
        lines.ShouldAllBe(line => line.Fields().SequenceEqual(new[] { "conversation", "name", "from", "members", "fromName", "time" }));
        lines[0].Text("conversation").ShouldBe(crew.Group.ToString());
        lines[0].Text("name").ShouldBe("crew");
        (await cli.RunAsync("--json", "group", "accept", crew.Group.ToString())).Lines().ShouldHaveSingleItem().Fields().ShouldBe(["conversation"]);
        (await cli.RunAsync("--json", "group", "decline", "noise")).Lines().ShouldHaveSingleItem().Text("conversation").ShouldBe(noise.Group.ToString());
        (await cli.RunAsync("--json", "invitations")).Out.ShouldBeEmpty();
        var again = await cli.RunAsync("group", "accept", "noise");
        again.Code.ShouldBe(1);
        again.Error.ShouldContain("see 'hinet invitations'");
        (await cli.RunAsync("invitations")).Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_invite_can_be_for_many_and_contacts_say_what_came_of_theirs()
    {
        using var cli = TestCli.WithIdentity();
        (await cli.RunAsync("--json", "invite", "--uses", "30")).Line().Text("invite").ShouldBe("hinet:alice*30");
        cli.Node.AddContact("bob", "Bob", ContactStatus.Waiting);
        cli.Node.AddContact("carol", "Carol", ContactStatus.InviteUsed);
        cli.Node.AddContact("dave", "Dave", ContactStatus.InviteExpired);
        (await cli.RunAsync("--json", "contacts")).Lines().Select(line => line.Text("status")).ShouldBe(["waiting", "invite-used", "invite-expired"]);
        var lines = (await cli.RunAsync("contacts")).Out.TrimEnd().Split('\n');
        lines[0].ShouldEndWith("has not answered yet");
        lines[1].ShouldEndWith("the invite was used by someone else: ask for a new one");
        lines[2].ShouldEndWith("the invite ran out before the nodes met: ask for a new one");
    }

    [Fact]
    public async Task A_history_line_has_every_field_always()
    {
        using var cli = TestCli.WithIdentity();
        cli.Node.AddContact("bob", "Bob");
        await cli.RunAsync("group", "create", "team", "--member", "Bob");
        var sent = (await cli.RunAsync("--json", "send", "team", "hello")).Line();
        sent.Fields().ShouldBe(["id", "state"]);
        var id = sent.Text("id");
        (await cli.RunAsync("--json", "reply", "team", id[..6], "answer")).Line().Text("state").ShouldBe("stored");
        await cli.RunAsync("react", "team", id, "👍");
        await cli.RunAsync("read", "team", id);
        var gone = (await cli.RunAsync("--json", "send", "team", "oops")).Line().Text("id");
        (await cli.RunAsync("--json", "delete", "team", gone)).Line().Fields().ShouldBe(["id", "state"]);

        var lines = (await cli.RunAsync("--json", "history", "team")).Lines();
        string[] promised = ["id", "author", "authorName", "device", "time", "text", "edited", "deleted", "reactions", "replyTo", "state", "receipts"];
        lines.ShouldAllBe(l => promised.All(f => l.Fields().Contains(f)));
        lines[0].Text("time").ShouldEndWith("+00:00");
        DateTimeOffset.Parse(lines[0].Text("time"), CultureInfo.InvariantCulture).ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(1));
        lines[0].GetProperty("reactions")[0].Text("emoji").ShouldBe("👍");
        lines[0].GetProperty("receipts")[0].Fields().ShouldBe(["identity", "delivered", "read"]);
        lines[1].Text("replyTo").ShouldBe(id);
        lines[2].GetProperty("text").ValueKind.ShouldBe(JsonValueKind.Null);
        (await cli.RunAsync("--json", "history", "team", "--limit", "1", "--before", gone[..10])).Line().Text("text").ShouldBe("answer");
    }

    [Fact]
    public async Task Status_has_the_frontier_by_device_and_the_state_hash()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        await cli.RunAsync("send", "team", "hello");
        var status = (await cli.RunAsync("--json", "status", "team")).Line();
        status.Fields()[..3].ShouldBe(["entries", "frontier", "stateHash"]);
        var heads = status.GetProperty("frontier").GetProperty(cli.Node.Device.ToString());
        heads[0].Fields().ShouldBe(["seq", "head"]);
        status.Text("stateHash").Length.ShouldBe(64);
        (await cli.RunAsync("--json", "status")).Line().Fields()[..3].ShouldBe(["peers", "conversations", "entries"]);
    }

    [Fact]
    public async Task A_conversation_line_has_kind_name_members_unread_and_last()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        await cli.RunAsync("send", "team", "hello");
        var line = (await cli.RunAsync("--json", "conversations")).Line();
        line.Fields().ShouldBe(["conversation", "kind", "name", "members", "unread", "last"]);
        line.Text("kind").ShouldBe("group");
        line.GetProperty("last").Text("text").ShouldBe("hello");
    }

    [Fact]
    public async Task Doctor_prints_a_line_for_each_check()
    {
        using var cli = TestCli.WithIdentity();
        var outcome = await cli.RunAsync("--json", "doctor");
        outcome.Lines().ShouldAllBe(l => l.Fields().SequenceEqual(new[] { "check", "ok", "detail" }));
        outcome.Lines().Select(l => l.Text("check")).ShouldBe(["libsodium", "rocksdb", "ports", "clock", "disk", "node", "dht", "mdns", "reachability"]);
        outcome.Code.ShouldBe(outcome.Lines().All(l => l.GetProperty("ok").GetBoolean()) ? 0 : 1);
    }
}
