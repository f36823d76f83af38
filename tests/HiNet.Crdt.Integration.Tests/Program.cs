using HiNet.Crdt.Integration.Tests.Support;

return args is [LanChild.Verb, ..] ? await LanChild.RunAsync(args) : await NodeChild.RunAsync(args);
