using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

public sealed class ConversationChannelTests
{
    [Fact]
    public void Whoever_promises_entries_and_brings_none_is_asked_less_and_less_often()
    {
        var scene = new HostileScene();
        scene.World.Pass(TimeSpan.FromMinutes(2));
        var peer = scene.Mallory.Link(scene.Alice);
        var promise = Frontier.From([new FrontierHead(scene.Mallory.Secrets.Device, 1_000, Support.TestKeys.Entry("never was"))]).Encode();
        var answered = 0;
        for (var second = 0; second < 300; second++)
        {
            while (answered < peer.Received.Count)
            {
                switch (peer.Received[answered++].Type)
                {
                    case HostilePeer.SummaryType:
                        peer.Send(HostilePeer.FrontierType, promise);
                        break;
                    case HostilePeer.PullType:
                        peer.Send(HostilePeer.CaughtUpType, new CaughtUp().ToByteArray());
                        break;
                    default:
                        break;
                }
            }

            scene.World.Pass(TimeSpan.FromSeconds(1));
            peer.KeepAlive();
        }

        // After 2, 4, 8, 16 and 32 seconds, then once a minute.
        peer.IsShutOut.ShouldBeFalse();
        peer.Received.Count(message => message.Type == HostilePeer.PullType).ShouldBeInRange(5, 12);
        scene.ShouldGoOn();
    }
}
