using System.Globalization;
using System.Reflection;

namespace HiNet.Crdt.Mutation.Running;

/// <summary>One unit test with its arguments, found and run by reflection: a test framework around it would cost more than the test.</summary>
internal sealed class TestCase
{
    private readonly Type _type;
    private readonly MethodInfo _method;
    private readonly object?[] _arguments;

    private TestCase(Type type, MethodInfo method, object?[] arguments, string name)
    {
        _type = type;
        _method = method;
        _arguments = arguments;
        Name = name;
    }

    /// <summary>Type, method and, for one row of several, its number. Equal in all processes.</summary>
    public string Name { get; }

    /// <summary>The tests of an assembly that are not skipped, by name.</summary>
    public static IEnumerable<TestCase> Of(Assembly assembly) =>
        from type in assembly.GetTypes()
        where type is { IsAbstract: false, IsGenericTypeDefinition: false }
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public)
        from test in Of(type, method)
        orderby test.Name
        select test;

    /// <summary>Runs the test. Whatever it throws is its failure.</summary>
    public void Run()
    {
        var instance = _method.IsStatic ? null : Activator.CreateInstance(_type, BindingFlags.DoNotWrapExceptions | BindingFlags.Instance | BindingFlags.Public, null, [], null);
        try
        {
            if (_method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, _arguments, CultureInfo.InvariantCulture) is Task task)
            {
                task.GetAwaiter().GetResult();
            }
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }

    private static IEnumerable<TestCase> Of(Type type, MethodInfo method)
    {
        var attributes = method.GetCustomAttributes(inherit: true);
        var fact = attributes.FirstOrDefault(attribute => Is(attribute, "Xunit.FactAttribute"));
        if (fact is null || fact.GetType().GetProperty("Skip")!.GetValue(fact) is not null)
        {
            return [];
        }

        var name = $"{type.FullName}.{method.Name}";
        return Is(fact, "Xunit.TheoryAttribute")
            ? attributes.Where(attribute => Is(attribute, "Xunit.Sdk.DataAttribute")).SelectMany(data => Rows(data, method)).Select((row, i) => new TestCase(type, method, Fit(row, method), $"{name}#{i}"))
            : [new TestCase(type, method, [], name)];
    }

    private static IEnumerable<object?[]> Rows(object data, MethodInfo method) =>
        (IEnumerable<object?[]>)data.GetType().GetMethod("GetData", [typeof(MethodInfo)])!.Invoke(data, [method])!;

    // Numbers in attributes are ints where the method may want others.
    private static object?[] Fit(object?[] row, MethodInfo method) =>
        [.. method.GetParameters().Select((parameter, i) => i < row.Length ? Fit(row[i], parameter.ParameterType) : parameter.DefaultValue)];

    private static object? Fit(object? value, Type wanted) => value is null || wanted.IsInstanceOfType(value) || !wanted.IsPrimitive
        ? value
        : Convert.ChangeType(value, wanted, CultureInfo.InvariantCulture);

    private static bool Is(object attribute, string name)
    {
        for (var type = attribute.GetType(); type is not null; type = type.BaseType)
        {
            if (type.FullName == name)
            {
                return true;
            }
        }

        return false;
    }
}
