using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>Joins what the links know of an instance into one finding, and recognises tags.</summary>
public sealed partial class MdnsMachine
{
    // Each may take a hash for every secret, and what is found is dialled.
    private const int JudgedPerSecond = 64;

    private readonly SortedDictionary<DnsName, Presence> _present = [];
    private readonly RateLimit _judgements = new(JudgedPerSecond);
    private int _secretsVersion;

    private Instant SettleDeadline => _context.Changed.Count > 0 ? _judgements.Renewal : Instant.Never;

    // What needs no hash is settled at once, so that no more names ever wait than there are instances.
    private void Settle(Instant now) => _context.Changed.RemoveWhere(name => TryJudge(name, now));

    private bool TryJudge(DnsName name, Instant now)
    {
        ServiceInstance? first = null;
        var endpoints = new SortedSet<MdnsEndpoint>();
        foreach (var (id, link) in _links)
        {
            if (link.Browser.Instances.TryGetValue(name, out var instance) && instance.IsResolved)
            {
                first ??= instance;
                endpoints.UnionWith(instance.Addresses.Select(address => new MdnsEndpoint(((DnsData.Address)address.Data).Value, id.Interface)));
            }
        }

        if (first is null)
        {
            if (_present.Remove(name))
            {
                _context.Add(new MdnsEffect.Lost(name.FirstLabel));
            }

            return true;
        }

        _present.TryGetValue(name, out var before);
        var text = ((DnsData.Text)first.Text!.Data).Bytes;
        var isRead = before is not null && before.SecretsVersion == _secretsVersion && before.Text.Span.SequenceEqual(text.Span);
        var isWhereItWas = before is not null && before.Port == first.ServiceData!.Port && before.Endpoints.SequenceEqual(endpoints);

        // A text can be repeated by whoever heard it: without a hash, too, no more is found in a second.
        if (!(isRead && isWhereItWas) && _secrets.Count > 0 && !_judgements.TryTake(now))
        {
            return false;
        }

        var secrets = isRead ? before!.Secrets : ServiceText.Recognise(_cryptography, text.Span, _secrets);
        _present[name] = new Presence(first.ServiceData!.Port, [.. endpoints], text, secrets, _secretsVersion);
        if (!isWhereItWas || !before!.Secrets.SequenceEqual(secrets))
        {
            _context.Add(new MdnsEffect.Found(name.FirstLabel, [.. endpoints], first.ServiceData!.Port, secrets));
        }

        return true;
    }

    private sealed record Presence(
        ushort Port, IReadOnlyList<MdnsEndpoint> Endpoints, ReadOnlyMemory<byte> Text, IReadOnlyList<Bytes32> Secrets, int SecretsVersion);
}
