import { PassThrough, type Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { gatewayPage } from './gateway-page.ts'
import type { Fault } from './fault.ts'

/** A fault that occurs while the body of a request is read. */
export type BodyFault = Extract<Fault, { readonly kind: 'gateway' | 'cut' }>

const end = (fault: BodyFault, { raw }: FastifyReply): void => {
  if (fault.kind === 'cut') raw.socket?.resetAndDestroy()
  else if (!raw.headersSent)
    raw.writeHead(fault.status, { 'content-type': 'text/html', connection: 'close' }).end(gatewayPage(fault.status))
}

/**
 * Returns the part of a request's body that the server receives. The fault answers the client or breaks its connection; the server's response is
 * discarded. After an early answer, the rest of the body is read and discarded, or the client might not see the answer.
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
