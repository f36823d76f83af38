// hypercore: a second process copies a core of COUNT blocks of 200 bytes over TCP loopback, encrypted, onto its own disk.
// The clock runs in the second process, from dialling until the last block is there.
import { fork } from 'node:child_process'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import Hypercore from 'hypercore'
import { entryCount, report, temporaryFolder, texts, timed } from './measure.mjs'

const CHILD = 'child'

if (process.argv[2] === CHILD) await copy(Number(process.argv[3]), Buffer.from(process.argv[4], 'hex'))
else await serve(entryCount(20000))

function replicate (core, socket, isInitiator) {
  socket.setNoDelay(true)
  const stream = core.replicate(isInitiator)
  stream.on('error', () => {})
  socket.on('error', () => {})
  stream.pipe(socket).pipe(stream)
}

async function copy (port, key) {
  const core = new Hypercore(temporaryFolder('hypercore-copy'), key)
  await core.ready()
  let socket
  const seconds = await timed(async () => {
    socket = net.connect(port, '127.0.0.1')
    replicate(core, socket, true)
    await core.update({ wait: true })
    await core.download({ start: 0, end: core.length }).done()
  })
  const result = { entries: core.length, seconds, bytesIn: socket.bytesRead, bytesOut: socket.bytesWritten }
  await new Promise(resolve => process.send(result, resolve))
  process.exit(0)
}

async function serve (count) {
  const core = new Hypercore(temporaryFolder('hypercore-source'))
  await core.ready()
  const blocks = texts(count).map(text => Buffer.from(text))
  for (let start = 0; start < count; start += 1000) await core.append(blocks.slice(start, start + 1000))

  const server = net.createServer(socket => replicate(core, socket, false))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const result = await new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [CHILD, server.address().port, core.key.toString('hex')])
    child.once('message', resolve)
    child.once('exit', code => reject(new Error(`the copying process ended with ${code}`)))
  })
  if (result.entries !== count) throw new Error(`${result.entries} of ${count} blocks were copied`)
  report({ peer: 'hypercore', work: 'replicate', ...result })
  process.exit(0)
}
