using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class DeviceCertificateTests
{
    private static readonly string[] s_devices = ["phone", "laptop", "tablet", "desktop"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_chain_of_up_to_four_devices_is_valid_and_read_back(int steps)
    {
        var certificate = TestKeys.Certificate("alice", s_devices[..steps]);
        certificate.IsValid(TestKeys.Sodium).ShouldBeTrue();
        certificate.Device.ShouldBe(TestKeys.Device(s_devices[steps - 1]));
        DeviceCertificate.TryDecode(certificate.Encode(), out var decoded).ShouldBeTrue();
        decoded.IsValid(TestKeys.Sodium).ShouldBeTrue();
        decoded.Encode().ShouldBe(certificate.Encode());
        decoded.Digest(TestKeys.Sodium).ShouldBe(certificate.Digest(TestKeys.Sodium));
    }

    [Fact]
    public void The_longest_certificate_is_as_long_as_the_limit() =>
        TestKeys.Certificate("alice", s_devices).Encode().Length.ShouldBe(DeviceCertificate.MaxBytes);

    [Fact]
    public void A_fifth_device_or_one_again_cannot_be_added()
    {
        var full = TestKeys.Certificate("alice", s_devices);
        Should.Throw<InvalidOperationException>(() => full.Extend(TestKeys.Sodium, TestKeys.Signing("desktop").SecretKey, TestKeys.Device("fifth")));
        var one = TestKeys.Certificate("alice", "phone");
        Should.Throw<InvalidOperationException>(() => one.Extend(TestKeys.Sodium, TestKeys.Signing("phone").SecretKey, TestKeys.Device("phone")));
        var two = TestKeys.Certificate("alice", "phone", "laptop");
        Should.Throw<InvalidOperationException>(() => two.Extend(TestKeys.Sodium, TestKeys.Signing("laptop").SecretKey, TestKeys.Device("phone")));
    }

    [Fact]
    public void A_flipped_bit_anywhere_makes_it_invalid()
    {
        var bytes = TestKeys.Certificate("alice", s_devices).Encode();
        Prop.ForAll(Gen.Choose(0, (bytes.Length * 8) - 1).ToArbitrary(), bit =>
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            (DeviceCertificate.TryDecode(flipped, out var decoded) && decoded.IsValid(TestKeys.Sodium)).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_step_signed_by_another_device_is_invalid()
    {
        var certificate = TestKeys.Certificate("alice", "phone");
        certificate.Extend(TestKeys.Sodium, TestKeys.Signing("mallory").SecretKey, TestKeys.Device("laptop")).IsValid(TestKeys.Sodium).ShouldBeFalse();
    }

    [Fact]
    public void A_device_cannot_be_moved_to_another_person_or_another_place_in_the_chain()
    {
        var alices = Protocol.Certificate.Parser.ParseFrom(TestKeys.Certificate("alice", "phone", "laptop").Encode());
        var bobs = Protocol.Certificate.Parser.ParseFrom(TestKeys.Certificate("bob", "phone").Encode());
        bobs.Steps.Add(alices.Steps[1]);
        ShouldBeInvalid(bobs);

        var shortened = alices.Clone();
        shortened.Steps.RemoveAt(0);
        ShouldBeInvalid(shortened);
    }

    [Fact]
    public void Chains_of_no_step_of_five_or_with_a_device_twice_are_malformed()
    {
        var message = Protocol.Certificate.Parser.ParseFrom(TestKeys.Certificate("alice", s_devices).Encode());
        var five = message.Clone();
        five.Steps.Add(TestKeys.Certificate("alice", "fifth").ToMessage().Steps);
        ShouldBeMalformed(five);

        var none = message.Clone();
        none.Steps.Clear();
        ShouldBeMalformed(none);

        var twice = message.Clone();
        twice.Steps.RemoveAt(3);
        twice.Steps.Add(message.Steps[0]);
        ShouldBeMalformed(twice);
    }

    [Fact]
    public void A_step_whose_device_or_signature_is_too_short_is_malformed()
    {
        var message = Protocol.Certificate.Parser.ParseFrom(TestKeys.Certificate("alice", s_devices).Encode());
        var device = message.Clone();
        device.Steps[1].Device = Google.Protobuf.ByteString.CopyFrom(new byte[31]);
        ShouldBeMalformed(device);

        var signature = message.Clone();
        signature.Steps[1].Signature = Google.Protobuf.ByteString.CopyFrom(new byte[63]);
        ShouldBeMalformed(signature);
    }

    private static void ShouldBeInvalid(Protocol.Certificate message)
    {
        DeviceCertificate.TryFrom(message, out var certificate).ShouldBeTrue();
        certificate.IsValid(TestKeys.Sodium).ShouldBeFalse();
    }

    private static void ShouldBeMalformed(Protocol.Certificate message) => DeviceCertificate.TryFrom(message, out _).ShouldBeFalse();
}
