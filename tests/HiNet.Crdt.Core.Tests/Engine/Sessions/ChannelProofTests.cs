using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

public sealed class ChannelProofTests
{
    [Fact]
    public void A_channel_is_opened_with_up_to_eight_proofs() =>
        ChannelSecrets.Opening(Proofs(10)).Proofs.Select(proof => proof.ToByteArray()).ShouldBe(Proofs(8));

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void Of_the_proofs_of_the_other_end_eight_are_looked_at(int common, bool isFound)
    {
        var proofs = Proofs(10);
        var opening = new ChannelOpening();
        opening.Proofs.AddRange(proofs.Select(ByteString.CopyFrom));
        ChannelSecrets.HasCommon(opening.ToByteArray(), [proofs[common]]).ShouldBe(isFound);
    }

    private static byte[][] Proofs(int count) => [.. Enumerable.Range(0, count).Select(i => TestKeys.Named($"proof {i}").ToArray())];
}
