using HiNet.Crdt.Simulation.Cli;

return SimulatorCommand.Invoke(args);
