using System.Collections.Concurrent;
using System.Text;

namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>MessageAdded becomes message-added.</summary>
internal static class KebabCase
{
    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    public static string Of(string typeName) => Known.GetOrAdd(typeName, static name =>
    {
        var kebab = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && kebab.Length > 0)
            {
                kebab.Append('-');
            }

            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString();
    });
}
