namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>What a reader has been shown of each message so far: its text, and whom it has reached. None of it may be taken back.</summary>
internal sealed class ShownBefore
{
    private readonly Dictionary<EntryId, Message> _messages = [];

    /// <summary>Notes what is shown now. In words, what was shown before and is no more; null for nothing.</summary>
    public string? Problem(Message shown, ExpectedMessage meant)
    {
        var before = _messages.GetValueOrDefault(shown.Id);
        _messages[shown.Id] = shown;
        if (before is null)
        {
            return null;
        }

        if (before.IsDeleted && !shown.IsDeleted)
        {
            return "it is not deleted any more";
        }

        if (before.Text is not null && shown.Text is null && !meant.IsDeleted && !meant.IsVague)
        {
            return "its text is gone";
        }

        foreach (var receipt in shown.Receipts)
        {
            if (before.Receipts.FirstOrDefault(earlier => earlier.Identity == receipt.Identity) is { } earlier
                && ((earlier.Delivered && !receipt.Delivered) || (earlier.Read && !receipt.Read)))
            {
                return $"{receipt.Identity} had {(earlier.Read && !receipt.Read ? "read" : "received")} it";
            }
        }

        return null;
    }
}
