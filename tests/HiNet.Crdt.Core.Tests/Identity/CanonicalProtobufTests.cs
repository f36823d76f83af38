using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class CanonicalProtobufTests
{
    [Fact]
    public void Fields_in_another_order_are_another_encoding_and_refused()
    {
        var bytes = TestKeys.Certificate("alice", "phone").Encode();
        DeviceCertificate.TryDecode(bytes, out _).ShouldBeTrue();

        // Identity and agreement have 32 bytes each, with a tag and a length.
        DeviceCertificate.TryDecode([.. bytes[34..68], .. bytes[..34], .. bytes[68..]], out _).ShouldBeFalse();
    }
}
