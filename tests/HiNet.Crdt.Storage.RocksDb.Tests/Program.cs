using HiNet.Crdt.Storage.RocksDb.Tests;

return StoreChild.Run(args);
