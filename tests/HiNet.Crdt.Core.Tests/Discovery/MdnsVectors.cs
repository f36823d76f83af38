using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>Builds <c>specs/vectors/mdns.json</c> from drawn values that are the same in every run.</summary>
internal static class MdnsVectors
{
    internal static JsonNode Build() => new JsonObject
    {
        ["description"] = "Byte-exact vectors of specs/14-mdns.md. Bytes are lower-case hex; messages are the payloads of UDP datagrams.",
        ["tags"] = new JsonArray([.. Tags()]),
        ["messages"] = new JsonArray([.. Messages()]),
        ["malformed"] = new JsonArray([.. Malformed()]),
    };

    private static IEnumerable<JsonNode> Tags()
    {
        foreach (var name in new[] { "one", "two" })
        {
            var (secret, nonce) = (TestKeys.Named(name), TestKeys.Named("nonce of " + name).ToArray()[..ServiceText.NonceSize]);
            yield return new JsonObject
            {
                ["secret"] = secret.ToString(),
                ["nonce"] = Hex.Of(nonce),
                ["tag"] = ServiceText.TagOf(TestKeys.Sodium, secret, nonce).ToString("x8", null),
            };
        }
    }

    // One node with one secret on a link with addresses of both families, from its first probe to its goodbye.
    private static IEnumerable<JsonNode> Messages()
    {
        var own = new OwnService(new CountedSecrets(), 4455);
        own.DrawNames(keepsOld: false);
        own.DrawText([new MdnsSecret(TestKeys.Named("id"), TestKeys.Named("one"))]);
        MdnsAddress[] addresses =
        [
            MdnsAddress.FromBytes([192, 0, 2, 1]),
            MdnsAddress.FromBytes(Convert.FromHexString("20010db8000000000000000000000001")),
            MdnsAddress.FromBytes(Convert.FromHexString("fe800000000000000000000000000001")),
        ];
        var details = OwnRecords.Service | OwnRecords.Text | OwnRecords.Addresses;
        yield return Message("browse", new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)] });
        yield return Message("browse, with a known answer", new DnsMessage
        {
            Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)],
            Answers = own.Build(OwnRecords.Pointer, addresses, 4000),
        });
        yield return Message("probe", new DnsMessage
        {
            Questions = [new DnsQuestion(own.Instance, DnsType.Any), new DnsQuestion(own.Host, DnsType.Any)],
            Authorities = own.Build(details, addresses, flushes: false),
        });
        yield return Message("announcement", new DnsMessage { IsResponse = true, Answers = own.Build(OwnRecords.Announced, addresses) });
        yield return Message("answer to browse", new DnsMessage
        {
            IsResponse = true,
            Answers = own.Build(OwnRecords.Pointer, addresses),
            Additionals = own.Build(details, addresses),
        });
        yield return Message("no other types", new DnsMessage { IsResponse = true, Answers = own.Build(OwnRecords.InstanceTypes | OwnRecords.HostTypes, addresses) });
        yield return Message("goodbye", new DnsMessage { IsResponse = true, Answers = own.Build(OwnRecords.Withdrawn, addresses, seconds: 0) });
        yield return Message(
            "legacy answer",
            new DnsMessage
            {
                Id = 0x1234,
                IsResponse = true,
                Questions = [new DnsQuestion(own.Instance, DnsType.Service)],
                Answers = own.Build(OwnRecords.Service, addresses, 10, flushes: false),
                Additionals = own.Build(OwnRecords.Addresses, addresses, 10, flushes: false),
            },
            compressData: false);
    }

    private static JsonObject Message(string what, DnsMessage message, bool compressData = true) => new()
    {
        ["what"] = what,
        ["questions"] = new JsonArray([.. message.Questions.Select(question => (JsonNode)$"{question.Name} {question.Type}{(question.WantsUnicast ? " unicast" : string.Empty)}")]),
        ["answers"] = new JsonArray([.. message.Answers.Select(record => (JsonNode)Text(record))]),
        ["authorities"] = new JsonArray([.. message.Authorities.Select(record => (JsonNode)Text(record))]),
        ["additionals"] = new JsonArray([.. message.Additionals.Select(record => (JsonNode)Text(record))]),
        ["bytes"] = Hex.Of(message.Write(compressData)),
    };

    internal static string Text(DnsRecord record) => $"{record.Name} {record.Seconds} {(record.Flushes ? "flush " : string.Empty)}" + record.Data switch
    {
        DnsData.Pointer pointer => $"PTR {pointer.Target}",
        DnsData.Service service => $"SRV {service.Priority} {service.Weight} {service.Port} {service.Target}",
        DnsData.Text text => $"TXT {Hex.Of(text.Bytes)}",
        DnsData.Address address => $"{(address.Value.IsIPv4 ? "A" : "AAAA")} {address.Value}",
        DnsData.NextSecure secure => $"NSEC {secure.Next} {string.Join(' ', secure.Types)}",
        _ => throw new ArgumentException("Unknown data.", nameof(record)),
    };

    private static IEnumerable<JsonNode> Malformed()
    {
        const string Question = "000000000001000000000000";
        const string Answer = "000084000000000100000000";
        (string What, string Bytes)[] cases =
        [
            ("no whole header", "0000840000"),
            ("a question that is not there", Question),
            ("a name that points at itself", Question + "c00c000c0001"),
            ("a name that points forward", Question + "c00e000c0001"),
            ("a name that points into the header", Question + "c000000c0001"),
            ("a label of a type that does not exist", Question + "41000c0001"),
            ("a label that is cut", Question + "3f61"),
            ("an A record of three bytes", Answer + "00000100010000000a0003c00002"),
            ("an AAAA record that holds an IPv4 address", Answer + "00001c00010000000a001000000000000000000000ffffc0000201"),
            ("a PTR record with bytes behind its name", Answer + "00000c00010000000a00020000"),
            ("a record that is longer than the message", Answer + "00001000010000000affff00"),
            ("an NSEC record with an empty window", Answer + "00002f00010000000a0003000000"),
        ];
        return cases.Select(vector => new JsonObject { ["what"] = vector.What, ["bytes"] = vector.Bytes });
    }
}
