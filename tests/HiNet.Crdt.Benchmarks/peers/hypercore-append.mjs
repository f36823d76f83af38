// hypercore: append COUNT blocks of 200 bytes to a core on disk, one at a time, each awaited.
import Hypercore from 'hypercore'
import { entryCount, report, temporaryFolder, texts, timed } from './measure.mjs'

const blocks = texts(entryCount(3000)).map(text => Buffer.from(text))
const core = new Hypercore(temporaryFolder('hypercore'))
await core.ready()

const seconds = await timed(async () => {
  for (const block of blocks) await core.append(block)
})

await core.close()
report({ peer: 'hypercore', work: 'append', entries: blocks.length, seconds })
process.exit(0)
