using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>
/// Once an author's deletion is durable at a node, the sealed bodies of what it deletes and of all edits of that are in no row of
/// the node's disk, in nothing that its machine keeps, and in no frame that it seals from then on.
/// </summary>
internal sealed class ErasedGone(InvariantChecker checker) : Invariant(checker)
{
    /// <summary>Of one node, so many bodies are looked for at once: the newest.</summary>
    private const int Bodies = 64;

    /// <summary>What is on its way through a machine, from a frame to a check to the store, is gone after so long.</summary>
    private const long OnTheWay = 5_000_000;

    /// <summary>A machine is looked through once in so many times that it could be: a look costs as much as a hundred inputs.</summary>
    private const long MachineLooks = 4;

    private readonly SortedDictionary<int, Node> _nodes = [];
    private ulong _draws;

    public override string Id => "erased-gone";

    public override void Stored(NodeProcess process, in StoreChange change, bool isNew)
    {
        if (process.Home is not EngineHome home || change.Value is null)
        {
            return;
        }

        if (change.Family == ColumnFamily.Secrets)
        {
            NodeOf(process, home).Erased.SecretStored();
        }
        else if (change.Family == ColumnFamily.Entries && isNew)
        {
            var bytes = new EntryRecord(change.Value).Header.ToArray();
            if (EntryCodec.TryDecode(bytes, out var header, out _))
            {
                NodeOf(process, home).Erased.Stored(Entry.IdOf(home.Cryptography, bytes), header!, change.Value);
            }
        }
    }

    /// <summary>A backup brings back what it held: it has to go again when the deletion comes again.</summary>
    public override void Restored(NodeProcess process) => _nodes.Remove(process.Index);

    public override void Handling(NodeProcess process, NodeInput? input) => Judge(process);

    /// <summary>A node seals a frame.</summary>
    public void Sealed(NodeProcess process, ReadOnlySpan<byte> frame)
    {
        if (_nodes.TryGetValue(process.Index, out var node) && Find(node.Erased.All, frame) is { } found)
        {
            Fail($"node {process.Index} sent the body of {found.Entry}, which it had to erase {Seconds(found)} seconds before");
        }
    }

    public override void Looked()
    {
        foreach (var process in Checker.Processes)
        {
            Judge(process);
            if (_nodes.TryGetValue(process.Index, out var node) && node.Erased.All.Count > node.Searched)
            {
                SearchDisk(process, node.Erased.All[node.Searched..]);
                node.Searched = node.Erased.All.Count;
                node.SearchesMachine = Checker.World.Random.Below(DrawStream.ByteLooks, (ulong)process.Index, _draws++, MachineLooks) == 0;
            }
            else if (node is { SearchesMachine: true } && process.Busy == 0)
            {
                node.SearchesMachine = false;
                SearchMachine(process, node);
            }
        }
    }

    public override void Quiet()
    {
        foreach (var process in Checker.Processes)
        {
            Judge(process);
            if (_nodes.TryGetValue(process.Index, out var node) && node.Erased.All.Count > 0)
            {
                SearchDisk(process, node.Erased.All);
                if (Checker.World.Random.Below(DrawStream.ByteLooks, (ulong)process.Index, _draws++, MachineLooks) == 0)
                {
                    SearchMachine(process, node);
                }
            }
        }
    }

    private void Judge(NodeProcess process)
    {
        if (_nodes.TryGetValue(process.Index, out var node) && node.Erased.HasUnread)
        {
            node.Erased.Judge(Checker.World.Scheduler.Now.Microseconds);
        }
    }

    private void SearchDisk(NodeProcess process, List<ErasedBody> bodies)
    {
        foreach (var family in Enum.GetValues<ColumnFamily>())
        {
            using var rows = process.Disk.Scan(family, [], []);
            while (rows.MoveNext())
            {
                if (Find(bodies, rows.Value) is { } found)
                {
                    Fail($"node {process.Index} keeps the body of {found.Entry} in a row of {family}, {Seconds(found)} seconds after it had to erase it");
                }
            }
        }
    }

    private void SearchMachine(NodeProcess process, Node node)
    {
        var now = Checker.World.Scheduler.Now.Microseconds;
        var bodies = Newest(node.Erased.All).FindAll(body => now - body.Since >= OnTheWay);
        if (process is { IsUp: true, IsPaused: false, Busy: 0, Home: EngineHome { Core: NodeCore core } } && bodies.Count > 0 && new HeapSearch(bodies).Search(core) is { } found)
        {
            Fail($"node {process.Index} keeps the body of {found.Body.Entry} in {found.Path}, {Seconds(found.Body)} seconds after it had to erase it");
        }
    }

    private static ErasedBody? Find(List<ErasedBody> bodies, ReadOnlySpan<byte> bytes)
    {
        for (var i = Math.Max(0, bodies.Count - Bodies); i < bodies.Count; i++)
        {
            if (bodies[i].IsIn(bytes))
            {
                return bodies[i];
            }
        }

        return null;
    }

    private static List<ErasedBody> Newest(List<ErasedBody> bodies) => bodies[Math.Max(0, bodies.Count - Bodies)..];

    private long Seconds(ErasedBody body) => (Checker.World.Scheduler.Now.Microseconds - body.Since) / 1_000_000;

    private Node NodeOf(NodeProcess process, EngineHome home)
    {
        if (!_nodes.TryGetValue(process.Index, out var node))
        {
            _nodes.Add(process.Index, node = new Node(new ErasedBodies(home, device => Checker.HomeOf(device)?.Home.Self.Id ?? default)));
        }

        return node;
    }

    private sealed class Node(ErasedBodies erased)
    {
        public ErasedBodies Erased { get; } = erased;

        /// <summary>So many of the bodies were looked for on the disk.</summary>
        public int Searched { get; set; }

        /// <summary>At the next look the machine is looked through.</summary>
        public bool SearchesMachine { get; set; }
    }
}
