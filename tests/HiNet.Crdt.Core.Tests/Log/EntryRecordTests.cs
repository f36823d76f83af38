using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class EntryRecordTests
{
    [Fact]
    public void A_record_gives_back_what_it_was_made_of()
    {
        var cases = from flags in Gen.Choose(0, 15)
                    from header in Generators.Bytes(EntryLimits.MaxHeaderBytes)
                    from signed in Gen.Elements(true, false)
                    from body in Generators.Bytes(300)
                    select ((EntryFlags)flags, header, signed, body);
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var (flags, header, signed, body) = drawn;
            byte[] signature = signed ? [.. Enumerable.Range(0, 64).Select(i => (byte)i)] : [];
            var record = new EntryRecord(EntryRecord.Encode(flags, header, signature, body));
            record.Header.ToArray().ShouldBe(header);
            record.Signature.ToArray().ShouldBe(signature);
            record.Body.ToArray().ShouldBe(body);
            record.Flags.ShouldBe(signed ? flags | EntryFlags.Signed : flags);
            record.HasBody.ShouldBe((flags & (EntryFlags.BodyAbsent | EntryFlags.Erased)) == 0);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Whether_it_is_signed_follows_from_the_signature_alone()
    {
        var record = new EntryRecord(EntryRecord.Encode(EntryFlags.Signed | EntryFlags.Late, new byte[10], default, new byte[3]));
        record.Flags.ShouldBe(EntryFlags.Late);
        record.Signature.IsEmpty.ShouldBeTrue();
        record.Body.Length.ShouldBe(3);
    }
}
