// A TCP proxy between imago and a Glance, which lets something happen at an exact byte.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** A socket takes more, or never will. */
const roomIn = (socket) =>
  new Promise((resolve) => {
    const end = () => {
      socket.off('drain', end)
      socket.off('close', end)
      resolve()
    }
    socket.on('drain', end)
    socket.on('close', end)
    if (socket.destroyed) end()
  })

/** libuv resets no connection that is being shut down, and Node then never closes it, and waits for it when the program ends: such a one is just closed. */
const sever = (socket) => (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy())

/**
 * `down`: from Glance to imago; `up`: the other way. Bytes are counted over all connections.
 * What happens at a byte is awaited before the next one is passed on: `happen({ reset })`.
 */
export const startFaultProxy = async (upstreamPort) => {
  const passed = { up: 0, down: 0 }
  const triggers = { up: [], down: [] }
  const sockets = new Set()
  let token = null

  /** imago speaks plain HTTP to the lab: a request's head is at the start of a chunk. */
  const note = (chunk) => {
    const found = /\r\nx-auth-token: ([^\r]+)\r\n/i.exec(chunk.subarray(0, 4096).toString('latin1'))
    if (found !== null) token = found[1]
  }

  const pump = async (from, to, direction, reset) => {
    for await (const chunk of from) {
      if (direction === 'up') note(chunk)
      for (let rest = chunk; rest.length > 0; ) {
        const [trigger] = triggers[direction]
        const until = trigger === undefined ? rest.length : Math.min(rest.length, Math.max(0, trigger.at - passed[direction]))
        if (until > 0) {
          passed[direction] += until
          if (!to.write(rest.subarray(0, until))) await roomIn(to)
          rest = rest.subarray(until)
        }
        if (trigger !== undefined && passed[direction] >= trigger.at && triggers[direction][0] === trigger) {
          triggers[direction].shift()
          await trigger.happen({ reset })
        }
        if (to.destroyed) return
      }
    }
    to.end()
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const glance = connect({ port: upstreamPort, host: '127.0.0.1', allowHalfOpen: true })
    const reset = () => {
      sever(client)
      sever(glance)
    }
    for (const socket of [client, glance]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', reset)
      socket.on('close', () => sockets.delete(socket))
    }
    pump(client, glance, 'up', reset).catch(reset)
    pump(glance, client, 'down', reset).catch(reset)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    passed,
    /** The last token that imago sent. */
    token: () => token,
    at: (direction, at, happen) => {
      triggers[direction].push({ at, happen })
      triggers[direction].sort((one, other) => one.at - other.at)
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
