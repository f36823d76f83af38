namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>The newest entry of one branch of a device.</summary>
/// <param name="Seq">Its place in the device's chain, from 0.</param>
/// <param name="Head">64 hex digits.</param>
public sealed record FrontierHeadInfo(ulong Seq, string Head);
