// OrbitDB: add COUNT events of 200 characters, one at a time, each awaited; every entry is signed.
import { openNode } from './node.mjs'
import { entryCount, report, temporaryFolder, texts, timed } from '../measure.mjs'

const entries = texts(entryCount(500))
const { orbitdb } = await openNode(temporaryFolder('orbitdb'))
const database = await orbitdb.open('bench', { type: 'events' })

const seconds = await timed(async () => {
  for (const entry of entries) await database.add(entry)
})

report({ peer: 'orbitdb', work: 'append', entries: entries.length, seconds })
process.exit(0)
