using System.Collections;
using System.Reflection;

namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>
/// Looks for bytes in everything that an object of the engine refers to, directly or not: caches, queues, buffers, closures, whatever
/// they will be called next year. It stops at what belongs to the world: disk, cryptography, marks.
/// </summary>
/// <param name="wanted">What is looked for.</param>
/// <param name="largest">A machine that refers to more objects than this cannot be looked through.</param>
internal sealed class HeapSearch(IReadOnlyList<ErasedBody> wanted, int largest = 2_000_000)
{
    private static readonly Assembly s_world = typeof(HeapSearch).Assembly;
    private static readonly Dictionary<Type, FieldInfo[]> s_fields = [];
    private static readonly Dictionary<Type, bool> s_canHold = [];
    private static readonly Lock s_lock = new();

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Step> _open = new();

    /// <summary>The first of the wanted bodies that is found; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">There is too much to look through.</exception>
    public FoundBytes? Search(object root)
    {
        Visit(root, null, root.GetType().Name);
        while (_open.TryPop(out var step))
        {
            if (step.Value is byte[] bytes)
            {
                foreach (var body in wanted)
                {
                    if (body.IsIn(bytes))
                    {
                        return new FoundBytes(body, step.Path);
                    }
                }
            }
            else
            {
                Expand(step);
            }
        }

        return null;
    }

    private void Expand(Step step)
    {
        switch (step.Value)
        {
            case Delegate closure:
                foreach (var part in closure.GetInvocationList())
                {
                    Visit(part.Target, step, "Target");
                }

                break;
            case Array array:
                foreach (var element in array)
                {
                    Visit(element, step, "[]");
                }

                break;
            default:
                foreach (var field in FieldsOf(step.Value.GetType()))
                {
                    Visit(field.GetValue(step.Value), step, field.Name);
                }

                break;
        }
    }

    private void Visit(object? value, Step? from, string name)
    {
        if (value is null or string or Pointer || !CanHold(value.GetType()) || value.GetType().Assembly == s_world)
        {
            return;
        }

        if (!value.GetType().IsValueType)
        {
            if (!_seen.Add(value))
            {
                return;
            }

            if (_seen.Count > largest)
            {
                throw new InvalidOperationException($"More than {largest} objects are kept, so that erased bodies cannot be looked for in all of them.");
            }
        }

        _open.Push(new Step(value, from, name));
    }

    private static FieldInfo[] FieldsOf(Type type)
    {
        lock (s_lock)
        {
            if (!s_fields.TryGetValue(type, out var fields))
            {
                List<FieldInfo> all = [];
                for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
                {
                    all.AddRange(level
                        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                        .Where(field => CanHold(field.FieldType)));
                }

                s_fields.Add(type, fields = [.. all]);
            }

            return fields;
        }
    }

    /// <summary>Whether bytes can be reached from a value that is declared so. What can be derived from can hold anything.</summary>
    private static bool CanHold(Type type)
    {
        lock (s_lock)
        {
            return CanHoldLocked(type);
        }
    }

    private static bool CanHoldLocked(Type type)
    {
        if (s_canHold.TryGetValue(type, out var known))
        {
            return known;
        }

        if (type == typeof(byte[]))
        {
            return true;
        }

        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsByRefLike || type == typeof(string) || typeof(MemberInfo).IsAssignableFrom(type))
        {
            return s_canHold[type] = false;
        }

        if (type.IsArray)
        {
            return s_canHold[type] = CanHoldLocked(type.GetElementType()!);
        }

        if (typeof(IEqualityComparer).IsAssignableFrom(type) || typeof(IComparer).IsAssignableFrom(type))
        {
            return s_canHold[type] = false;
        }

        if (!type.IsSealed && !type.IsValueType)
        {
            return s_canHold[type] = true;
        }

        // A type that holds only itself, such as the node of a tree, holds nothing.
        s_canHold[type] = false;
        var canHold = false;
        for (var level = type; level is not null && level != typeof(object) && !canHold; level = level.BaseType)
        {
            canHold = Array.Exists(
                level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly),
                field => CanHoldLocked(field.FieldType));
        }

        return s_canHold[type] = canHold;
    }

    private sealed class Step(object value, Step? from, string name)
    {
        public object Value { get; } = value;

        public string Path => from is null ? name : $"{from.Path}.{name}";
    }
}
