using HiNet.Crdt.Integration.Tests.Support;

return args switch
{
    [LanChild.Verb, ..] => await LanChild.RunAsync(args),
    [LanNode.Verb, ..] => await LanNode.RunAsync(args),
    [ScriptedNode.Verb] => await ScriptedNode.RunAsync(),
    _ => await NodeChild.RunAsync(args),
};
