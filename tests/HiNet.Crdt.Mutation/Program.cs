using HiNet.Crdt.Mutation;
using HiNet.Crdt.Mutation.Mutants;

var set = new MutantSet(file => args.Length == 0 || file.StartsWith(args[0]), _ => true);
var w = System.Diagnostics.Stopwatch.StartNew();
var project = MutatedProject.Read(Workspace.Core, Workspace.CoreGenerated, Workspace.BuiltTests);
Directory.CreateDirectory(Workspace.Artifacts);
var kept = InstrumentedCopy.Write(project, set, Path.Combine(Workspace.Artifacts, "x.dll"));
Console.WriteLine($"{kept.Count} kept {set.Dropped} dropped {w.Elapsed}");
foreach (var g in kept.GroupBy(m => m.Kind)) Console.WriteLine($"{g.Key} {g.Count()}");
foreach (var m in kept.Take(400)) Console.WriteLine($"{m.File}:{m.Line} {m.Kind} {m.Before}  =>  {m.After}");
return 0;
