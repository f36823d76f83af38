using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// The people of a case and their conversation, a group or a direct one, with bounds that are often small. The first device belongs to the scribe,
/// whose replica is handed everything as it is written; the second to another honest replica, which is handed what operations say.
/// All others, and copies of these two, write by hand.
/// </summary>
internal sealed class FuzzScene
{
    private const long Epoch = 1_767_225_600_000;

    /// <summary>Some hundred times as many as the longest case computes.</summary>
    private const long MostDigests = 50_000_000;

    private static readonly Role[] s_roles = [Role.Member, Role.Admin, Role.Reader, Role.Owner, Role.Moderator];

    private readonly List<HomeSecrets> _homes = [];
    private ulong _draws;
    private long _digests;

    public FuzzScene(KeyedRandom random, FuzzRecord record, Canary canary = Canary.None)
    {
        (Random, Record) = (random, record);
        Cryptography = new SimulatedCryptography(random) { Digesting = CountDigest };
        IsGroup = Draw(4) > 0;
        Options = PlantedWrites.Options(canary, new NodeCoreOptions
        {
            CausalBufferEntries = Draw(3) == 0 ? (int)Draw(8) + 1 : Limits.CausalBufferEntries,
            Bounds = new EngineBounds
            {
                ParkedEntries = Draw(3) == 0 ? (int)Draw(3) + 1 : Limits.ParkedEntries,
                RefusedIds = Draw(3) == 0 ? (int)Draw(4) + 1 : Limits.RefusedIds,
                RecentEntries = Draw(3) == 0 ? (int)Draw(6) + 1 : Limits.RecentEntries,
                Parents = Draw(4) == 0 ? (int)Draw(4) + 1 : EntryLimits.MaxParents,
                ReceiptMarks = Draw(4) == 0 ? 1 : Limits.ReceiptMarks,
                SupersededEpochs = Draw(4) == 0 ? (int)Draw(3) + 1 : Limits.SupersededEpochs,
            },
        });
        var people = 2 + (int)Draw(4);
        for (var person = 0; person < people; person++)
        {
            AddPerson(person);
        }

        // A device that two people say is theirs: each has a certificate for it.
        var shared = FuzzDevice.Beside(Cryptography, Devices[0]);
        Devices.Add(shared);
        Devices.Add(shared.ClaimedBy(Devices[1]));
        FounderCards = IsGroup ? [] : [Devices[0].Card(), Devices[1].Card()];
        Scribe = new FuzzReplica(this, _homes[0], 0);
        Other = new FuzzReplica(this, _homes[1], 1);
        Found(people);
    }

    public KeyedRandom Random { get; }

    public FuzzRecord Record { get; }

    public ICryptography Cryptography { get; }

    public NodeCoreOptions Options { get; }

    public bool IsGroup { get; }

    /// <summary>The first device of each person, then their others, and last one that two people claim, once for each.</summary>
    public List<FuzzDevice> Devices { get; } = [];

    public IReadOnlyList<DeviceCard> FounderCards { get; }

    public ConversationId Conversation { get; private set; }

    public byte[] ControlKey { get; private set; } = [];

    public FuzzReplica Scribe { get; }

    public FuzzReplica Other { get; }

    /// <summary>The monotonic clock of all replicas; it starts somewhere.</summary>
    public Instant Now { get; private set; } = new(5_000_000);

    /// <summary>The wall clock of all replicas.</summary>
    public long Wall => Epoch + (Now.Microseconds / 1000);

    /// <summary>Whether a replica of the case has this device.</summary>
    public bool IsHome(FuzzDevice device) => device.Device == Scribe.Home.Device || device.Device == Other.Home.Device;

    public void Pass(TimeSpan time) => Now += time;

    /// <summary>A replica that holds the conversation and nothing of it.</summary>
    /// <param name="home">Whose it is: 0 for a copy of the scribe's, 1 for one of the other's.</param>
    /// <param name="number">Tells its draws from those of others.</param>
    public FuzzReplica Fresh(int home, int number)
    {
        var replica = new FuzzReplica(this, _homes[home], number);
        replica.Join(Describe(_homes[home]), ControlKey);
        return replica;
    }

    /// <summary>The next draw of the scene itself.</summary>
    public long Draw(long bound) => Random.Below(DrawStream.FuzzScene, 0, _draws++, bound);

    /// <summary>Whatever goes on without end names or seals something on the way.</summary>
    private void CountDigest() => FuzzFinding.Require(++_digests <= MostDigests, "ends", static () => $"a case took more than {MostDigests} digests", SimulationResult.Liveness);

    private void AddPerson(int person)
    {
        Span<byte> identity = stackalloc byte[Bytes32.Size];
        Span<byte> agreement = stackalloc byte[Bytes32.Size];
        Cryptography.FillSecret(identity);
        Cryptography.FillSecret(agreement);
        var home = HomeSecrets.Create(Cryptography, $"person {person}", identity, agreement);
        _homes.Add(home);
        Devices.Insert(person, FuzzDevice.Of(Cryptography, home));
        if (Draw(2) == 0)
        {
            Devices.Add(FuzzDevice.Beside(Cryptography, Devices[person]));
        }
    }

    private void Found(int people)
    {
        if (!IsGroup)
        {
            Conversation = ConversationIds.Direct(Cryptography, Devices[0].Identity, Devices[1].Identity);
            ControlKey = new byte[Bytes32.Size];
            Cryptography.FillSecret(ControlKey);
            Scribe.Join(Describe(_homes[0]), ControlKey);
            Other.Join(Describe(_homes[1]), ControlKey);
            return;
        }

        var body = new GenesisBody { Name = "fuzz", Salt = ByteString.CopyFrom(new byte[16]) };
        for (var person = 0; person < people; person++)
        {
            // The last one is often no member, or one whose device nobody has introduced.
            var isIn = person < 2 || Draw(3) > 0;
            if (isIn)
            {
                var role = person == 0 ? Role.Owner : s_roles[Draw(s_roles.Length)];
                var member = new GenesisMember { Identity = ByteString.CopyFrom(Devices[person].Identity.ToArray()), Role = (uint)role };
                if (person < 2 || Draw(4) > 0)
                {
                    member.Cards.Add(ByteString.CopyFrom(Devices[person].Card().Encode()));
                }

                body.Members.Add(member);
            }
        }

        Conversation = Scribe.CreateGroup(body);
        ControlKey = Scribe.Replica.ControlKey.ToArray();
        Other.Join(Describe(_homes[1]), ControlKey);
    }

    private ConversationDescription Describe(HomeSecrets home) => IsGroup
        ? new ConversationDescription(Conversation, 0, ConversationKind.Group, "fuzz", default, IsVisible: true)
        : new ConversationDescription(Conversation, 0, ConversationKind.Direct, string.Empty, Devices[home == _homes[0] ? 1 : 0].Identity, IsVisible: true);
}
