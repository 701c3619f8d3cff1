import { Readable, type Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { isObject } from '../json.ts'
import type { RequestLog } from '../request-log.ts'
import { cutAfter, slowed } from './bytes.ts'
import type { Fault } from './fault.ts'
import { gatewayPage } from './gateway-page.ts'
import { intercepted, type BodyFault } from './intercept.ts'
import { createRewriter } from './rewrite.ts'
import type { Faults, Strike } from './rules.ts'
import { setStrikes, getStrikes } from './request-strikes.ts'
import type { FaultTarget } from './target.ts'

export interface FaultsPluginOptions {
  readonly faults: Faults
  readonly requests: RequestLog
  readonly target: FaultTarget
}

/** The prefix of control paths: faults do not affect them, and they are not logged. */
export const CONTROL_PREFIX = '/_simulator/'

/** Whether a payload may be a JSON object. */
const isJsonText = (payload: unknown): payload is string => typeof payload === 'string' && payload.startsWith('{')

const parse = (payload: string): unknown => {
  try {
    return JSON.parse(payload)
  } catch {
    return null
  }
}

/** Sends the fault's response instead of the real one; returns false if the fault is of another kind. */
const sendInstead = ({ fault }: Strike, reply: FastifyReply, target: FaultTarget): boolean => {
  switch (fault.kind) {
    case 'status': {
      // A buffer, because Fastify adds a charset to JSON strings.
      const own = target.errorBody(fault.status, reply.request.url)
      void reply
        .code(fault.status)
        .headers({ 'content-type': own.contentType, ...target.errorHeaders?.(fault.status), ...fault.headers })
        .send(Buffer.from(fault.body ?? own.body))
      return true
    }
    case 'html':
      void reply.code(fault.status).type('text/html').send(gatewayPage(fault.status))
      return true
    case 'redirect':
      void reply.redirect(fault.location, fault.status ?? 302)
      return true
    case 'silence':
      reply.hijack()
      return true
    case 'reset':
      if (fault.atByte > 0) return false
      reply.hijack()
      reply.raw.socket?.destroy()
      return true
    default:
      return false
  }
}

/**
 * Pipes a response through `through`. Its head is sent at once: if the client disconnects before that, Fastify reports a server error and crashes.
 */
const pipeThrough = (payload: unknown, through: Transform, reply: FastifyReply): Readable => {
  setImmediate(() => {
    if (!reply.raw.headersSent && !reply.raw.destroyed) reply.raw.flushHeaders()
  })
  const source = payload instanceof Readable ? payload : Readable.from([Buffer.from(payload as string)])
  source.on('error', (error) => through.destroy(error))
  // A cut response leaves its source partly read.
  through.on('close', () => source.destroy())
  return source.pipe(through)
}

/** Applies a fault to the bytes of a response. */
const spoil = (fault: Fault, payload: unknown, reply: FastifyReply): unknown => {
  const isText = typeof payload === 'string' || Buffer.isBuffer(payload)
  // The client has disconnected.
  if ((!isText && !(payload instanceof Readable)) || reply.raw.destroyed) return payload
  const announce = (): void => void (isText && reply.header('content-length', Buffer.byteLength(payload)))
  switch (fault.kind) {
    case 'reset':
      announce()
      return pipeThrough(
        payload,
        cutAfter(fault.atByte, () => reply.raw.socket?.destroySoon()),
        reply,
      )
    case 'stall':
      announce()
      return pipeThrough(
        payload,
        cutAfter(fault.atByte, () => undefined),
        reply,
      )
    case 'slow':
      announce()
      return pipeThrough(payload, slowed(fault.bytesPerSecond), reply)
    case 'truncate':
      reply.removeHeader('content-length')
      return isText
        ? Buffer.from(payload).subarray(0, fault.atByte)
        : pipeThrough(
            payload,
            cutAfter(fault.atByte, (stream) => stream.push(null)),
            reply,
          )
    case 'oversize':
      if (!isJsonText(payload)) return payload
      reply.removeHeader('content-length')
      return `${payload.slice(0, -1)}${' '.repeat(Math.max(0, fault.bytes - Buffer.byteLength(payload)))}}`
    case 'content-type':
      reply.header('content-type', fault.value)
      return payload
    default:
      return payload
  }
}

/** Logs each request and applies faults to it. */
export const faultsPlugin = fastifyPlugin<FaultsPluginOptions>(
  (app, { faults, requests, target }, done) => {
    const rewrite = createRewriter(target)

    app.addHook('onRequest', async (request, reply) => {
      if (request.url.startsWith(CONTROL_PREFIX)) return
      requests.add(request)
      const struck = faults.strike(request.method, request.url)
      setStrikes(request, struck)
      for (const strike of struck) {
        if (strike.fault.kind === 'latency') await sleep(strike.fault.ms)
        if (strike.fault.kind === 'expire-token') target.expireTokens()
      }
      if (struck.some((strike) => sendInstead(strike, reply, target))) return reply
    })

    app.addHook('preParsing', async (request, reply, payload) => {
      const fault = getStrikes(request)
        .map((strike) => strike.fault)
        .find((one): one is BodyFault => one.kind === 'gateway' || one.kind === 'cut')
      return fault === undefined ? payload : intercepted(fault, payload as Readable, reply)
    })

    app.addHook('onSend', async (request, reply, payload: unknown) => {
      let sent = payload
      for (const strike of getStrikes(request)) {
        const body = isJsonText(sent) ? parse(sent) : null
        if (isObject(body)) {
          const changed = rewrite(strike, body, request.url)
          if (changed.body !== body) {
            sent = JSON.stringify(changed.body)
            reply.removeHeader('content-length')
          }
          reply.headers(changed.headers)
        }
        sent = spoil(strike.fault, sent, reply)
      }
      return sent
    })
    done()
  },
  { name: 'imago-faults', fastify: '5.x' },
)
