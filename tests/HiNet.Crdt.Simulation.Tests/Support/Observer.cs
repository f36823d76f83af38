namespace HiNet.Crdt.Simulation.Tests.Support;

internal sealed class Observer<T>(Action<T> onNext) : IObserver<T>
{
    public void OnNext(T value) => onNext(value);

    public void OnCompleted()
    {
    }

    public void OnError(Exception error) => throw error;
}
