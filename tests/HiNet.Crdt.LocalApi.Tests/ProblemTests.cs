using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using HiNet.Crdt.LocalApi.Contract;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.LocalApi.Tests;

/// <summary>Whatever is wrong with a request, the answer is one sentence and a fitting status.</summary>
public sealed class ProblemTests
{
    [Fact]
    public async Task What_is_not_there_is_404_and_what_is_ambiguous_409()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("same", []);
        (await RefusalAsync(() => served.Client.SendAsync("nobody", "x"))).Status.ShouldBe(404);
        (await RefusalAsync(() => served.Client.SendAsync(new string('0', 64), "x"))).Status.ShouldBe(404);
        (await RefusalAsync(() => served.Client.EditAsync("same", new string('0', 64), "x"))).Status.ShouldBe(404);
        (await RefusalAsync(() => served.Client.EditAsync("same", "12", "x"))).Status.ShouldBe(400);
        served.Node.Open(ConversationKind.Group, "Same", []);
        served.Node.Open(ConversationKind.Group, "SAME", []);
        (await RefusalAsync(() => served.Client.SendAsync("saMe", "x"))).Status.ShouldBe(409);
        (await served.Client.SendAsync("SAME", "x")).State.ShouldBe("stored");
    }

    [Fact]
    public async Task What_is_meant_for_a_contact_does_not_go_to_a_group_of_the_same_name()
    {
        await using var served = await ServedNode.StartAsync();
        var bob = served.Node.Open(ConversationKind.Direct, "Bob", [served.Node.AddContact("bob", "Bob").Id]);
        var group = served.Node.Open(ConversationKind.Group, "bob", []);
        await served.Client.SendAsync("bob", "for the contact");
        bob.ReadPage(10).ShouldHaveSingleItem().Text.ShouldBe("for the contact");
        await served.Client.SendAsync(group.Id.ToString(), "for the group");
        group.ReadPage(10).ShouldHaveSingleItem().Text.ShouldBe("for the group");
    }

    [Fact]
    public async Task What_the_node_refuses_is_422_with_its_sentence()
    {
        await using var served = await ServedNode.StartAsync();
        var refusal = await RefusalAsync(() => served.Client.AddContactAsync("rubbish", null));
        refusal.Status.ShouldBe(422);
        refusal.Message.ShouldBe("This is not an invite; ask for it again.");
    }

    [Fact]
    public async Task Roles_and_removal_say_that_they_are_not_there_yet()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("team", []);
        (await RefusalAsync(() => served.Client.SetRoleAsync("team", "bob", "admin"))).Message.ShouldContain("not available in this version yet");
        (await RefusalAsync(() => served.Client.RemoveMemberAsync("team", "bob"))).Status.ShouldBe(501);
    }

    [Theory]
    [InlineData("nothing", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("{\"text\": 5}", HttpStatusCode.BadRequest)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", HttpStatusCode.BadRequest)]
    public async Task A_malformed_body_is_refused(string body, HttpStatusCode expected)
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("team", []);
        using var http = Raw(served.SocketPath);
        using var response = await http.PostAsync("http://hinet/v1/conversations/team/messages", new StringContent(body));
        response.StatusCode.ShouldBe(expected);
        (await response.Content.ReadFromJsonAsync<Problem>())!.Error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_oversized_body_is_refused_before_it_is_read()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("team", []);
        using var http = Raw(served.SocketPath);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://hinet/v1/conversations/team/messages")
        {
            Content = new ByteArrayContent(new byte[2 << 20]),
            Headers = { ExpectContinue = true },
        };
        using var response = await http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_unknown_path_is_a_problem_too()
    {
        await using var served = await ServedNode.StartAsync();
        using var http = Raw(served.SocketPath);
        using var response = await http.GetAsync(new Uri("http://hinet/v9/anything"));
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadFromJsonAsync<Problem>())!.Error.ShouldContain("specs/10-local-api.md");
    }

    [Fact]
    public async Task Overrides_and_controls_leave_the_API_escaped()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("team", []);
        await served.Client.SendAsync("team", "a\u202eb\u001b[31mé");
        using var http = Raw(served.SocketPath);
        var line = await http.GetStringAsync(new Uri("http://hinet/v1/conversations/team/messages"));
        line.ShouldContain("a\\u202Eb\\u001B[31mé");
        Encoding.UTF8.GetByteCount(line).ShouldBe(Encoding.UTF8.GetBytes(line).Length);
    }

    private static async Task<LocalApiException> RefusalAsync(Func<Task> call) => await Should.ThrowAsync<LocalApiException>(call);

    private static HttpClient Raw(string socketPath) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
