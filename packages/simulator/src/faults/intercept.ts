import { PassThrough, type Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { gatewayPage } from './gateway-page.ts'
import type { Fault } from './fault.ts'

/** A fault that strikes while the body of a request is read. */
export type BodyFault = Extract<Fault, { readonly kind: 'gateway' | 'cut' }>

const end = (fault: BodyFault, { raw }: FastifyReply): void => {
  if (fault.kind === 'cut') raw.socket?.resetAndDestroy()
  else if (!raw.headersSent)
    raw.writeHead(fault.status, { 'content-type': 'text/html', connection: 'close' }).end(gatewayPage(fault.status))
}

/**
 * What the server gets of a request's body. The client is answered, or its connection broken, by the fault; what the server answers is not heard.
 * Of a body that is answered in its midst the rest is read all the same, and thrown away: else the client might not see the answer.
 */
export const intercepted = (fault: BodyFault, body: Readable, reply: FastifyReply): Readable => {
  const passed = new PassThrough()
  const { atByte = null } = fault
  let read = 0
  let isOver = false
  const over = (): void => {
    isOver = true
    end(fault, reply)
  }
  body.on('data', (chunk: Buffer) => {
    if (isOver) return
    const room = atByte === null ? chunk.length : atByte - read
    read += chunk.length
    if (room > 0) passed.write(chunk.subarray(0, room))
    if (atByte === null || read < atByte) return
    over()
    passed.destroy(new Error('the body broke off'))
  })
  body.on('end', () => {
    if (isOver) return
    passed.end()
    over()
  })
  body.on('error', (error) => passed.destroy(error))
  return passed
}
