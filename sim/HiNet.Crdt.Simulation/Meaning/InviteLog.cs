using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>For how many people each invite was made, and who came with it.</summary>
internal sealed class InviteLog
{
    private readonly Dictionary<string, int> _uses = [];
    private readonly Dictionary<string, SortedSet<IdentityId>> _bringers = [];
    private readonly SortedDictionary<(int Node, IdentityId Issuer), List<string>> _brought = [];

    public void Issued(string invite, int uses) => _uses[invite] = uses;

    /// <summary>Someone asked their node to accept an invite, answered or not.</summary>
    public void Brought(NodeProcess process, string invite, IdentityId issuer)
    {
        if (!_bringers.TryGetValue(invite, out var bringers))
        {
            _bringers.Add(invite, bringers = []);
        }

        bringers.Add(process.Home.Self.Id);
        if (!_brought.TryGetValue((process.Index, issuer), out var invites))
        {
            _brought.Add((process.Index, issuer), invites = []);
        }

        invites.Add(invite);
    }

    public bool HasBrought(int node, IdentityId issuer) => _brought.ContainsKey((node, issuer));

    /// <summary>Whether an invite that a node brought to someone was brought by more people than it was made for.</summary>
    public bool MayBeUsedUp(int node, IdentityId issuer) =>
        _brought.TryGetValue((node, issuer), out var invites)
        && invites.Exists(invite => !_uses.TryGetValue(invite, out var uses) || _bringers[invite].Count > uses);
}
