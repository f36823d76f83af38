// Each of these tests keeps every core busy by itself, and waits for conditions in bounds.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
