// One end of a link, driven by JSON lines: commands on stdin, events on stdout.
//   node link-peer.mjs listen [keepAliveMs]        prints its port, takes one connection
//   node link-peer.mjs dial <port> [keepAliveMs]   dials 127.0.0.1
import { createHash } from 'node:crypto'
import net from 'node:net'
import readline from 'node:readline'
import c from 'compact-encoding'
import Protomux from 'protomux'
import NoiseSecretStream from '@hyperswarm/secret-stream'

const MESSAGE_TYPES = 8
const [role, ...rest] = process.argv.slice(2)
const say = (event, fields = {}) => process.stdout.write(JSON.stringify({ event, ...fields }) + '\n')
const hex = (bytes) => Buffer.from(bytes ?? []).toString('hex')

if (role === 'listen') {
  const server = net.createServer((socket) => {
    server.close()
    attach(socket, false, Number(rest[0] ?? 0))
  })
  server.listen(0, '127.0.0.1', () => say('listening', { port: server.address().port }))
} else {
  const socket = net.connect(Number(rest[0]), '127.0.0.1')
  attach(socket, true, Number(rest[1] ?? 0))
}

function attach (socket, isInitiator, keepAlive) {
  socket.setNoDelay(true)
  const stream = new NoiseSecretStream(isInitiator, socket, { keepAlive })
  const mux = new Protomux(stream)
  const channels = new Map()

  stream.on('connect', () => say('connected', {
    publicKey: hex(stream.publicKey),
    remotePublicKey: hex(stream.remotePublicKey),
    handshakeHash: hex(stream.handshakeHash)
  }))
  stream.on('data', (data) => { if (data.byteLength === 0) say('keep-alive') })
  stream.on('error', (error) => say('error', { text: error.message }))
  stream.on('close', () => {
    say('end')
    process.exit(0)
  })

  function open (protocol, id, handshake) {
    const key = `${protocol}/${hex(id)}`
    const channel = mux.createChannel({
      protocol,
      id,
      handshake: c.raw,
      messages: Array.from({ length: MESSAGE_TYPES }, (_, type) => ({
        encoding: c.raw,
        onmessage (payload) {
          say('message', {
            key,
            type,
            length: payload.byteLength,
            digest: createHash('sha256').update(payload).digest('hex')
          })
        }
      })),
      onopen: (remote) => say('opened', { key, handshake: hex(remote) }),
      onclose: (remote) => {
        channels.delete(key)
        say('closed', { key, remote: !!remote })
      }
    })
    if (channel === null) return say('error', { text: `cannot open ${key}` })
    channels.set(key, channel)
    channel.open(Buffer.from(handshake))
  }

  const commands = {
    open: ({ protocol, id, handshake }) => open(protocol, Buffer.from(id, 'hex'), handshake),
    pair: ({ protocol, handshake }) => {
      mux.pair({ protocol }, (id) => open(protocol, id ?? Buffer.alloc(0), handshake))
      say('pairing', { key: protocol })
    },
    // Payload number n of a burst is size + n bytes of value n. The other end may have closed the channel before the command came.
    send: ({ key, type, size, count }) => {
      for (let n = 0; n < count; n++) channels.get(key)?.messages[type].send(Buffer.alloc(size + n, n))
    },
    cork: () => mux.cork(),
    uncork: () => mux.uncork(),
    close: ({ key }) => channels.get(key).close(),
    end: () => stream.end()
  }

  readline.createInterface({ input: process.stdin })
    .on('line', (line) => {
      const command = JSON.parse(line)
      commands[command.op](command)
    })
    .on('close', () => process.exit(0))
}
