namespace HiNet.Crdt.Mutation.Mutants;

/// <summary>What a mutant changes.</summary>
internal enum MutantKind
{
    /// <summary>A comparison takes the equal case to the other side.</summary>
    Boundary,

    /// <summary>A comparison, a test for equality or a condition says the opposite.</summary>
    Negation,

    /// <summary>One operand of <c>&amp;&amp;</c> or <c>||</c> no longer counts.</summary>
    Logical,

    /// <summary>Another operator of arithmetic or of bits.</summary>
    Arithmetic,

    /// <summary>A number is one more or one less, a span of time ten times as long.</summary>
    Number,

    /// <summary>True for false, false for true.</summary>
    Boolean,

    /// <summary>A statement is not carried out.</summary>
    Statement,

    /// <summary>A branch that leaves early is not taken.</summary>
    Guard,

    /// <summary>Two arguments of one type change places.</summary>
    Arguments,

    /// <summary>A call of the opposite method, or a step left out of a chain of calls.</summary>
    Call,

    /// <summary>The value on the left of <c>??</c> is ignored.</summary>
    Coalescing,

    /// <summary>A property that an initializer sets keeps its default.</summary>
    Initializer,
}
