namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>Tells current observers, in the order of their subscription.</summary>
internal sealed class Subject<T> : IObservable<T>
{
    private readonly List<IObserver<T>> _observers = [];

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        _observers.Add(observer);
        return new Subscription(this, observer);
    }

    public void OnNext(T value)
    {
        if (_observers.Count == 0)
        {
            return;
        }

        foreach (var observer in _observers.ToArray())
        {
            observer.OnNext(value);
        }
    }

    private sealed class Subscription(Subject<T> subject, IObserver<T> observer) : IDisposable
    {
        public void Dispose() => subject._observers.Remove(observer);
    }
}
