namespace HiNet.Crdt.LocalApi.Tests;

public sealed class HistoryReaderTests
{
    private readonly List<int> _history = [];
    private int _asked;
    private int _largest;

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(199, 1_000)]
    [InlineData(200, 200)]
    [InlineData(200, 1_000)]
    [InlineData(1_000, 1_000)]
    [InlineData(1_234, int.MaxValue)]
    [InlineData(1_234, 401)]
    public void The_newest_are_read_oldest_first_and_never_more_than_a_page_at_a_time(int count, int limit)
    {
        _history.AddRange(Enumerable.Range(0, count));
        Read(limit).ShouldBe(_history.TakeLast(limit));
        _largest.ShouldBeLessThanOrEqualTo(HistoryReader.Page);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(900)]
    public void What_comes_into_the_middle_between_the_passes_takes_nothing_away(int more)
    {
        _history.AddRange(Enumerable.Range(0, 1_000).Select(number => number * 1_000));
        var before = _history.ToList();
        var firstPass = (1_000 / HistoryReader.Page) + 1;
        var read = Read(int.MaxValue, asked =>
        {
            if (asked == firstPass + 1)
            {
                _history.AddRange(Enumerable.Range(1, more).Select(number => 500_000 + number));
                _history.Sort();
            }
        });
        read.Where(before.Contains).ShouldBe(before);
        read.ShouldBeInOrder();
        _largest.ShouldBeLessThanOrEqualTo(HistoryReader.Page);
    }

    private List<int> Read(int limit, Action<int>? asked = null)
    {
        var reader = new HistoryReader((most, before) =>
        {
            asked?.Invoke(++_asked);
            _largest = Math.Max(_largest, most);
            var end = before is { } id ? _history.IndexOf(NumberOf(id)) : _history.Count;
            var begin = Math.Max(0, end - most);
            return [.. _history[begin..end].Select(MessageOf)];
        });
        return [.. reader.Read(limit, null).Select(message => NumberOf(message.Id))];
    }

    private static Message MessageOf(int number)
    {
        var id = new byte[32];
        BitConverter.TryWriteBytes(id, number);
        return new Message
        {
            Id = new EntryId(id),
            Author = new Person(new IdentityId(new byte[32]), "alice"),
            Device = new DeviceId(new byte[32]),
            Time = DateTimeOffset.UnixEpoch,
        };
    }

    private static int NumberOf(EntryId id) => BitConverter.ToInt32(id.ToArray());
}
