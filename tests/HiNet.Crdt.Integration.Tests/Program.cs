using HiNet.Crdt.Integration.Tests.Support;

return await NodeChild.RunAsync(args);
