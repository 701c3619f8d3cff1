// A TCP proxy between imago and a Glance, which causes faults at an exact byte.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until a socket accepts more data, or has closed. */
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

/** libuv does not reset a connection that is being shut down; Node would then never close it and keep running, so it is closed instead. */
const sever = (socket) => (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy())

const TITLES = { 408: 'Request Time-out', 502: 'Bad Gateway', 504: 'Gateway Time-out' }

/** The error page of a gateway in front of Glance. */
const gatewayPage = (status) => {
  const title = `${status} ${TITLES[status]}`
  const page = `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>\r\n`
  return `HTTP/1.1 ${title}\r\ncontent-type: text/html\r\ncontent-length: ${page.length}\r\nconnection: close\r\n\r\n${page}`
}

/** The number of bytes held back from an upload while Glance is to be still saving it. */
const HELD = 16 * 1024

/** How long a gateway continues to read after its response: the sender must see the response before the connection closes. */
const DRAIN_MS = 1000

/**
 * `down`: from Glance to imago; `up`: the other direction. Bytes are counted over all connections. The fault at a byte, `happen({ reset })`, is
 * awaited before the next byte is forwarded.
 */
export const startFaultProxy = async (upstreamPort) => {
  const passed = { up: 0, down: 0 }
  const triggers = { up: [], down: [] }
  const sockets = new Set()
  const uploads = { begun: 0, rules: [], saving: new Set(), deleted: [] }
  let token = null

  /** imago uses plain HTTP with the lab: the head of a request is at the start of a chunk. */
  const note = (chunk) => {
    const found = /\r\nx-auth-token: ([^\r]+)\r\n/i.exec(chunk.subarray(0, 4096).toString('latin1'))
    if (found !== null) token = found[1]
  }

  /** Returns the upload whose head is at the start of a chunk, with its fault. */
  const uploadIn = (chunk) => {
    const head = chunk.subarray(0, 4096).toString('latin1')
    const deleted = /^DELETE \/v2\/images\/([\w-]+) HTTP/.exec(head)
    if (deleted !== null && uploads.saving.has(deleted[1])) uploads.deleted.push(deleted[1])
    const put = /^PUT \/v2\/images\/([\w-]+)\/file HTTP/.exec(head)
    if (put === null) return null
    uploads.begun++
    const end = head.indexOf('\r\n\r\n')
    const size = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] ?? Number.NaN)
    if (end < 0 || !(size > 0)) return null
    return { id: put[1], size, left: size, body: end + 4, rule: uploads.rules.shift() ?? null }
  }

  /** Sends imago a gateway's response, or breaks its connection. */
  const sendFault = (client, { status }) => {
    if (status === null) sever(client)
    else client.end(gatewayPage(status))
  }

  /**
   * Applies a gateway's fault to an upload. `after`: it receives the whole upload, responds instead of Glance, and forwards the last bytes later.
   * Otherwise it responds when this much has been forwarded, and Glance receives no more. Returns true if the connection is finished.
   */
  const gateway = async (chunk, upload, client, glance) => {
    const { rule } = upload
    const own = chunk.subarray(upload.left === upload.size ? upload.body : 0)
    const at = rule.part === null ? upload.size : Math.floor(upload.size * rule.part)
    const seen = upload.size - upload.left + own.length
    if (seen < at) {
      upload.left -= own.length
      return false
    }
    rule.did()
    if (rule.part !== null) {
      sendFault(client, rule)
      sever(glance)
      await sleep(DRAIN_MS)
      return true
    }
    uploads.saving.add(upload.id)
    const held = Math.min(HELD, chunk.length)
    glance.write(chunk.subarray(0, chunk.length - held))
    client.detached = true
    sendFault(client, rule)
    await sleep(rule.holdMs)
    uploads.saving.delete(upload.id)
    passed.up += chunk.length
    glance.write(chunk.subarray(chunk.length - held))
    return true
  }

  const pump = async (from, to, direction, reset) => {
    let upload = null
    for await (const chunk of from) {
      if (direction === 'down' && to.detached === true) continue
      if (direction === 'up') {
        note(chunk)
        upload = uploadIn(chunk) ?? upload
        if (upload !== null && upload.rule !== null && (await gateway(chunk, upload, from, to))) return
      }
      for (let rest = chunk; rest.length > 0;) {
        const [trigger] = triggers[direction]
        const until =
          trigger === undefined ? rest.length : Math.min(rest.length, Math.max(0, trigger.at - passed[direction]))
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
      // Glance may still be working on a request that is finished for imago.
      if (client.detached !== true) sever(glance)
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
    /** The number of started uploads, and the images that were deleted while all of their data was being saved. */
    uploads: () => ({ begun: uploads.begun, deleted: [...uploads.deleted] }),
    /**
     * Sets the fault of the next upload without one. `status`: of a gateway's page, `null`: the connection breaks; `part`: after this much has been
     * forwarded, `null`: after all of it, and Glance continues to save for `holdMs`.
     */
    onUpload: (rule) => uploads.rules.push(rule),
    /** Returns the last token that imago sent. */
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
