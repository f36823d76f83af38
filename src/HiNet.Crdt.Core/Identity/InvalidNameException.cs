namespace HiNet.Crdt.Core.Identity;

/// <summary>A person's name is empty, too long, or not one line of text.</summary>
public sealed class InvalidNameException : HiNetException
{
    internal InvalidNameException()
        : base($"Choose a name of one line and at most {PersonName.MaxBytes} bytes, with no space at either end.")
    {
    }
}
