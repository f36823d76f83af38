using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Authority operations that no permission has sifted, in two graphs: one in the order of the list, one in another order in which each comes
/// behind what it follows. Every set must have one name and one state in both.
/// </summary>
internal sealed class FoldCase
{
    private const int People = 6;
    private const long StepsPerPair = 64;
    private const long StepsAtAll = 2_000;

    private readonly KeyedRandom _random;
    private readonly FuzzRecord _record;
    private readonly SimulatedCryptography _cryptography;
    private readonly List<FuzzDevice> _devices = [];
    private readonly List<IdentityId> _founders = [];
    private readonly List<(AuthorityOperation Operation, int[] Behind)> _operations = [];
    private ulong _draws;

    public FoldCase(KeyedRandom random, FuzzRecord record)
    {
        (_random, _record) = (random, record);
        _cryptography = new SimulatedCryptography(random);
        Span<byte> identity = stackalloc byte[Bytes32.Size];
        Span<byte> agreement = stackalloc byte[Bytes32.Size];
        for (var person = 0; person < People; person++)
        {
            _cryptography.FillSecret(identity);
            _cryptography.FillSecret(agreement);
            _devices.Add(FuzzDevice.Of(_cryptography, HomeSecrets.Create(_cryptography, $"person {person}", identity, agreement)));
        }

        for (var person = 0; person < People; person++)
        {
            _devices.Add(FuzzDevice.Beside(_cryptography, _devices[person]));
        }

        _devices.Add(_devices[^1].ClaimedBy(_devices[0]));
        if (Draw(3) == 0)
        {
            _founders.AddRange(_devices.Take(1 + Draw(2)).Select(device => device.Identity).Order());
        }
    }

    public void Run(IReadOnlyList<FuzzOperation> operations)
    {
        foreach (var operation in operations)
        {
            _record.Drawn(operation);
            if (operation.Kind == FuzzKind.Parse)
            {
                _record.Made(operation, FuzzBytes.Parse(operation, _devices), isRefused: false);
            }
            else
            {
                Add(operation);
                _record.Made(operation, isAccepted: true, isRefused: false);
            }
        }

        var cost = new Cost();
        var one = Build([.. Enumerable.Range(0, _operations.Count)], cost);
        var other = Build(AnotherOrder(), new Cost());
        for (var i = 0; i < _operations.Count; i++)
        {
            Compare(one, other, [i]);
        }

        for (var i = 0; i < _operations.Count && _operations.Count > 0; i++)
        {
            Compare(one, other, [Draw(_operations.Count), Draw(_operations.Count), Draw(_operations.Count)]);
        }

        // Each set is folded anew, and each fold looks at what every operation says and has in its past.
        var count = (long)_operations.Count + 2;
        var steps = StepsAtAll + (count * count * StepsPerPair);
        _record.Greatest("costStepsShare", cost.Steps * 100 / steps);
        FuzzFinding.Require(cost.Steps <= steps, "steps-within-budget", () => $"{_operations.Count} authority entries took {cost.Steps} steps: more than {steps}");
    }

    private void Add(FuzzOperation operation)
    {
        var behind = Behind(operation);
        var greatest = behind.Length == 0 ? 0 : behind.Max(i => _operations[i].Operation.Hlc.Value);
        Span<byte> id = stackalloc byte[Bytes32.Size];
        _cryptography.FillSecret(id);
        var writer = _devices[operation.Who % _devices.Count];
        List<RoleGrant> grants = [];
        List<DeviceCard> cards = [];
        var count = operation.Kind == FuzzKind.FoldMany ? 2 + (operation.Size % 9) : 1;
        for (var i = 0; i < count; i++)
        {
            var subject = _devices[(operation.Target + (i * 5)) % _devices.Count];
            if (operation.Kind != FuzzKind.FoldCards)
            {
                grants.Add(new RoleGrant(subject.Identity, (Role)((operation.Size + i) % 6)));
            }

            if (operation.Kind != FuzzKind.FoldRoles)
            {
                cards.Add(subject.Card((uint)((operation.Size + i) % 4), isFresh: operation.Size % 2 == 0));
            }
        }

        _operations.Add((
            new AuthorityOperation(new EntryId(id), new HybridTimestamp(greatest + 1 + (ulong)(operation.Size % 5)), EntryKind.SetRole, writer.Device, writer.Identity, grants, cards),
            behind));
    }

    /// <summary>The operations that one has seen, as places in the list.</summary>
    private int[] Behind(FuzzOperation operation)
    {
        var count = _operations.Count;
        if (count == 0 || operation.Past is FuzzPast.Nothing or FuzzPast.Missing)
        {
            return [];
        }

        return operation.Past switch
        {
            FuzzPast.Everything or FuzzPast.Many => [.. Enumerable.Range(0, count)],
            FuzzPast.OwnChain or FuzzPast.OwnBranch => [count - 1],
            _ => [.. new[] { operation.Target % count, operation.Size % count }.Distinct()],
        };
    }

    private AuthorityGraph Build(IReadOnlyList<int> order, Cost cost)
    {
        var graph = new AuthorityGraph(_cryptography, _founders, cost);
        foreach (var i in order)
        {
            var (operation, behind) = _operations[i];
            graph.Add(operation, Union(graph, behind));
        }

        return graph;
    }

    private AuthoritySet Union(AuthorityGraph graph, IEnumerable<int> members) =>
        members.Select(i => graph.Inclusive(_operations[i].Operation.Id)).Aggregate(graph.Empty, graph.Union);

    private List<int> AnotherOrder()
    {
        List<int> order = [];
        List<int> left = [.. Enumerable.Range(0, _operations.Count)];
        while (left.Count > 0)
        {
            List<int> free = [.. left.Where(i => !_operations[i].Behind.Any(left.Contains))];
            var next = free[Draw(free.Count)];
            left.Remove(next);
            order.Add(next);
        }

        return order;
    }

    private void Compare(AuthorityGraph one, AuthorityGraph other, int[] members)
    {
        var (left, right) = (Union(one, members), Union(other, members.Reverse()));
        FuzzFinding.Require(left.Hash == right.Hash && left.Heads.SequenceEqual(right.Heads), "equal-set", () => $"the union of {string.Join(", ", members)} has two names");
        var text = FoldText.Of(one.StateOf(left));
        FuzzFinding.Require(text == FoldText.Of(other.StateOf(right)), "equal-state", () => $"the union of {string.Join(", ", members)} has two states: {FuzzShown.Difference(text, FoldText.Of(other.StateOf(right)))}");
        FuzzFinding.Require(FoldText.Problem(one.StateOf(left)) is null, "state-is-sound", () => $"the union of {string.Join(", ", members)}: {FoldText.Problem(one.StateOf(left))}");
        _record.Hash.Fold(text);
    }

    private int Draw(int bound) => (int)_random.Below(DrawStream.FuzzDelivery, 1UL << 33, _draws++, bound);
}
