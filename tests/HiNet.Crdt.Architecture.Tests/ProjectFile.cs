using System.Xml.Linq;

namespace HiNet.Crdt.Architecture.Tests;

/// <summary>What a project file says, without evaluating it.</summary>
internal sealed record ProjectFile(
    string Path, string Name, string RootNamespace, IReadOnlyList<string> ProjectReferences, IReadOnlyList<XElement> PackageReferences, XDocument Document)
{
    /// <summary>The folder of the project, relative to the repository.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    public static ProjectFile Parse(string path, string text)
    {
        var document = XDocument.Parse(text);
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return new ProjectFile(
            path,
            name,
            document.Descendants("RootNamespace").SingleOrDefault()?.Value ?? name,
            [.. Includes(document, "ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. document.Descendants("PackageReference")],
            document);
    }

    /// <summary>The Include attributes of one kind of item.</summary>
    public static IEnumerable<string> Includes(XContainer container, string item) =>
        container.Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();
}
