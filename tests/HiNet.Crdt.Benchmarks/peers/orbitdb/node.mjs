// An OrbitDB node on disk that listens on TCP loopback (Noise, Yamux, gossipsub for heads, bitswap for blocks).
// First of all, what Node 20 lacks and these libraries call:
import './with-resolvers.mjs'
import path from 'node:path'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { bitswap } from '@helia/block-brokers'
import { gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { createOrbitDB } from '@orbitdb/core'
import { LevelBlockstore } from 'blockstore-level'
import { createHelia } from 'helia'
import { createLibp2p } from 'libp2p'

export async function openNode (folder) {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), pubsub: gossipsub({ allowPublishToZeroTopicPeers: true }) }
  })
  const ipfs = await createHelia({ libp2p, blockstore: new LevelBlockstore(path.join(folder, 'blocks')), blockBrokers: [bitswap()] })
  const orbitdb = await createOrbitDB({ ipfs, directory: path.join(folder, 'orbitdb') })
  return { libp2p, orbitdb }
}
