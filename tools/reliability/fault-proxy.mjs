// A TCP proxy between imago and a Glance, which lets something happen at an exact byte.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

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

const TITLES = { 408: 'Request Time-out', 502: 'Bad Gateway', 504: 'Gateway Time-out' }

/** The page that a gateway sends in the place of Glance. */
const gatewayPage = (status) => {
  const title = `${status} ${TITLES[status]}`
  const page = `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>\r\n`
  return `HTTP/1.1 ${title}\r\ncontent-type: text/html\r\ncontent-length: ${page.length}\r\nconnection: close\r\n\r\n${page}`
}

/** As much of an upload is held back while Glance is made to be still saving it. */
const HELD = 16 * 1024

/** How long a gateway reads on what it has answered already: who sends must see the answer before the connection is closed. */
const DRAIN_MS = 1000

/**
 * `down`: from Glance to imago; `up`: the other way. Bytes are counted over all connections.
 * What happens at a byte is awaited before the next one is passed on: `happen({ reset })`.
 */
export const startFaultProxy = async (upstreamPort) => {
  const passed = { up: 0, down: 0 }
  const triggers = { up: [], down: [] }
  const sockets = new Set()
  const uploads = { begun: 0, rules: [], saving: new Set(), deleted: [] }
  let token = null

  /** imago speaks plain HTTP to the lab: a request's head is at the start of a chunk. */
  const note = (chunk) => {
    const found = /\r\nx-auth-token: ([^\r]+)\r\n/i.exec(chunk.subarray(0, 4096).toString('latin1'))
    if (found !== null) token = found[1]
  }

  /** The upload whose head is at the start of a chunk, with what is to happen to it. */
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

  /** imago is answered, or loses its connection, by something that is not Glance. */
  const answer = (client, { status }) => {
    if (status === null) sever(client)
    else client.end(gatewayPage(status))
  }

  /**
   * What a gateway does to an upload. `after`: it has all of it, answers for Glance, and hands the last bytes on a while later. Otherwise: it answers
   * when so much of it is through, and Glance hears no more. True: it is over with this connection.
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
      answer(client, rule)
      sever(glance)
      await sleep(DRAIN_MS)
      return true
    }
    uploads.saving.add(upload.id)
    const held = Math.min(HELD, chunk.length)
    glance.write(chunk.subarray(0, chunk.length - held))
    client.detached = true
    answer(client, rule)
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
      // What imago was told is over may not be over for Glance.
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
    /** How many uploads were begun; the images that were deleted while all their data were being saved. */
    uploads: () => ({ begun: uploads.begun, deleted: [...uploads.deleted] }),
    /**
     * What happens to the next upload that nothing else happens to. `status`: of a gateway's page, `null`: the connection breaks; `part`: when so much of
     * it is through, `null`: all of it, and Glance goes on saving for `holdMs`.
     */
    onUpload: (rule) => uploads.rules.push(rule),
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
