using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Core.Tests.Engine.Driving;

public class ReadPressureTests
{
    [Fact]
    public void A_bound_stops_reading_and_half_of_all_lets_it_go_on()
    {
        var pressure = new ReadPressure();
        pressure.Add(ReadPressure.MaximumBytes - 1, ReadPressure.MaximumChecks - 1).ShouldBeFalse();
        pressure.Add(1, 0).ShouldBeTrue();
        pressure.Add(5, 0).ShouldBeFalse();
        pressure.Remove((ReadPressure.MaximumBytes / 2) + 5, 0).ShouldBeFalse();
        pressure.Remove(0, (ReadPressure.MaximumChecks / 2) - 2).ShouldBeFalse();
        pressure.Remove(0, 1).ShouldBeTrue();
        pressure.Remove(1, 1).ShouldBeFalse();
    }

    [Fact]
    public void In_any_order_it_is_closed_from_a_bound_to_half_of_all_and_open_when_nothing_waits()
    {
        var random = new Random(11);
        var pressure = new ReadPressure();
        for (var i = 0; i < 20_000; i++)
        {
            var wasOpen = pressure.IsOpen;
            if (random.Next(2) == 0)
            {
                pressure.Add(random.Next(200_000), random.Next(400), random.Next(6_000_000)).ShouldBe(wasOpen && !pressure.IsOpen);
            }
            else
            {
                var unwritten = random.NextInt64(pressure.Unwritten + 1);
                pressure.Remove(random.NextInt64(pressure.Bytes + 1), random.Next(pressure.Checks + 1), unwritten).ShouldBe(!wasOpen && pressure.IsOpen);
            }

            var isFull = pressure.Bytes >= ReadPressure.MaximumBytes || pressure.Checks >= ReadPressure.MaximumChecks
                || pressure.Unwritten >= ReadPressure.MaximumUnwritten;
            var isHalf = pressure.Bytes <= ReadPressure.MaximumBytes / 2 && pressure.Checks <= ReadPressure.MaximumChecks / 2
                && pressure.Unwritten <= ReadPressure.MaximumUnwritten / 2;
            pressure.IsOpen.ShouldBe(!isFull && (isHalf || wasOpen));
        }
    }

    [Theory]
    [InlineData(ReadPressure.MaximumBytes - 1, ReadPressure.MaximumChecks - 1, ReadPressure.MaximumUnwritten - 1, false)]
    [InlineData(ReadPressure.MaximumBytes, 0, 0, true)]
    [InlineData(0, ReadPressure.MaximumChecks, 0, true)]
    [InlineData(0, 0, ReadPressure.MaximumUnwritten, true)]
    public void Reading_stops_when_a_bound_is_reached(long bytes, int checks, long unwritten, bool stops) =>
        new ReadPressure().Add(bytes, checks, unwritten).ShouldBe(stops);

    [Fact]
    public void More_than_waits_cannot_be_taken()
    {
        Should.Throw<ArgumentException>(() => new ReadPressure().Remove(1, 0));
        Should.Throw<ArgumentException>(() => new ReadPressure().Remove(0, 1));
        Should.Throw<ArgumentException>(() => new ReadPressure().Remove(0, 0, 1));
    }
}
