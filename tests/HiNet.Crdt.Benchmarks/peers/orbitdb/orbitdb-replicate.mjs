// OrbitDB: a second process copies a database of COUNT events over TCP loopback onto its own disk. The clock runs in the
// second process, from opening the database on an open connection until it says that it has changed, which it does once the
// head has been joined with its whole past.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { multiaddr } from '@multiformats/multiaddr'
import { openNode } from './node.mjs'
import { entryCount, report, temporaryFolder, texts, timed } from '../measure.mjs'

const CHILD = 'child'

if (process.argv[2] === CHILD) await copy(process.argv[3], process.argv[4])
else await serve(entryCount(1000))

async function copy (peer, address) {
  const { libp2p, orbitdb } = await openNode(temporaryFolder('orbitdb-copy'))
  await libp2p.dial(multiaddr(peer))
  let database
  const seconds = await timed(async () => {
    database = await orbitdb.open(address)
    await once(database.events, 'update')
  })
  let entries = 0
  for await (const _ of database.log.iterator()) entries++
  await new Promise(resolve => process.send({ entries, seconds }, resolve))
  process.exit(0)
}

async function serve (count) {
  const { libp2p, orbitdb } = await openNode(temporaryFolder('orbitdb-source'))
  const database = await orbitdb.open('bench', { type: 'events' })
  for (const entry of texts(count)) await database.add(entry)

  const result = await new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [CHILD, libp2p.getMultiaddrs()[0].toString(), database.address])
    child.once('message', resolve)
    child.once('exit', code => reject(new Error(`the copying process ended with ${code}`)))
  })
  if (result.entries !== count) throw new Error(`${result.entries} of ${count} entries were copied`)
  report({ peer: 'orbitdb', work: 'replicate', ...result })
  process.exit(0)
}
