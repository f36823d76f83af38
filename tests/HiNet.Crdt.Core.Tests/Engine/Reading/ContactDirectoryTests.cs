using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>Rows of contacts are opened when they have changed, and not each time that somebody is named.</summary>
public sealed class ContactDirectoryTests
{
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly ContactDirectory _directory;

    public ContactDirectoryTests()
    {
        (_alice, _bob) = new LoopbackWorld().Contacts("alice", "bob");
        _directory = new ContactDirectory(_alice.Store, _alice.Rows);
    }

    [Fact]
    public void A_contact_is_found_by_identity_or_among_all()
    {
        var bob = _directory.Find(_bob.Identity).ShouldNotBeNull();
        (bob.Id, bob.Name, bob.Status).ShouldBe((_bob.Identity, "bob", ContactStatus.Met));
        _directory.All().ShouldBe([bob]);
        _directory.Find(_alice.Identity).ShouldBeNull();
    }

    [Fact]
    public void A_row_is_opened_again_when_it_has_changed_and_not_before()
    {
        var bob = _directory.Find(_bob.Identity);
        _directory.Find(_bob.Identity).ShouldBeSameAs(bob);
        _directory.All().ShouldHaveSingleItem().ShouldBeSameAs(bob);
        _alice.Do(new NodeCommand.AddContact(_bob.Invite(), "brother")).ShouldBeOfType<NodeResult.Added>();
        _directory.Find(_bob.Identity).ShouldNotBeNull().Name.ShouldBe("brother");
        _directory.All().ShouldHaveSingleItem().Name.ShouldBe("brother");
    }
}
