// hyperdht: NODES nodes of its testnet on loopback in this process, and two more that ask: find-node, mutable put and get one at
// a time, then find-node 32 at a time. Put and get are of 500 bytes under keys of their own.
import crypto from 'node:crypto'
import createTestnet from 'hyperdht/testnet.js'
import DHT from 'hyperdht'
import { entryCount, report, timed } from './measure.mjs'

const nodes = entryCount(50)
const rounds = 200
const atOnce = 32

async function drain (query) {
  for await (const reply of query) if (!reply) throw new Error('an empty reply')
}

function percentile (milliseconds, share) {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

async function eachTimed (work) {
  const milliseconds = []
  for (let i = 0; i < rounds; i++) milliseconds.push(await timed(() => work(i)) * 1e3)
  return milliseconds
}

const testnet = await createTestnet(nodes)
const [a, b] = [testnet.createNode(), testnet.createNode()]
await Promise.all([a.fullyBootstrapped(), b.fullyBootstrapped()])
const keyPair = i => DHT.keyPair(crypto.createHash('sha256').update(`key ${i}`).digest())

const find = await eachTimed(() => drain(a.findNode(crypto.randomBytes(32))))
const put = await eachTimed(i => a.mutablePut(keyPair(i), crypto.randomBytes(500), { seq: 1 }))
const get = await eachTimed(async i => {
  if (!await b.mutableGet(keyPair(i).publicKey, { latest: false })) throw new Error('a value is not found')
})
let asked = 0
const seconds = await timed(() => Promise.all(Array.from({ length: atOnce }, async () => {
  while (asked++ < rounds * 3) await drain(a.findNode(crypto.randomBytes(32)))
})))

report({
  peer: 'hyperdht',
  work: 'dht',
  findP50: percentile(find, 0.5),
  findP99: percentile(find, 0.99),
  putP50: percentile(put, 0.5),
  putP99: percentile(put, 0.99),
  getP50: percentile(get, 0.5),
  getP99: percentile(get, 0.99),
  rate: rounds * 3 / seconds
})
process.exit(0)
