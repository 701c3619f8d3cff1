import { describe, afterEach, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core/provider'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { PassThrough, type Duplex } from 'node:stream'
import { connectSsh, type SshTarget } from '../../src/rescue/ssh.ts'
import { getError } from '../local-api.ts'

const TARGET: SshTarget = {
  site: createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'download'),
  subject: 'server 42',
  host: '127.0.0.1',
  port: 1,
  privateKey: '',
  hostKey: null,
  connect: undefined,
}

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

/** Accepts connections, and sends nothing. */
const silent = async (): Promise<{ readonly port: number; readonly connected: Promise<Socket> }> => {
  const server = createServer((socket) => void socket.on('error', () => undefined).resume())
  servers.push(server)
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, connected }
}

describe('connectSsh', () => {
  it('connectSsh closes a connection that opens after an abort', async () => {
    const late = new PassThrough()
    let arrive: (socket: Duplex) => void = () => undefined
    const controller = new AbortController()
    const asked = getError(
      connectSsh({ ...TARGET, signal: controller.signal, connect: () => new Promise((resolve) => (arrive = resolve)) }),
    )
    controller.abort()
    expect(await asked).toMatchObject({ _tag: 'Aborted', operation: 'download' })
    arrive(late)
    await once(late, 'close')
  })

  it('connectSsh closes its connection after an abort, connected or not', async () => {
    for (const isConnected of [false, true]) {
      const { port, connected } = await silent()
      const controller = new AbortController()
      const asked = getError(connectSsh({ ...TARGET, port, signal: controller.signal }))
      const gone = isConnected ? once(await connected, 'close') : null
      controller.abort()
      expect(await asked).toMatchObject({ _tag: 'Aborted' })
      await gone
    }
    expect(await getError(connectSsh({ ...TARGET, signal: AbortSignal.abort() }))).toMatchObject({ _tag: 'Aborted' })
  })

  it('connectSsh returns Unavailable for a connection that breaks immediately', async () => {
    const broken = (): Promise<Duplex> => {
      const socket = new PassThrough()
      socket.destroy(new Error('ECONNRESET'))
      return Promise.resolve(socket)
    }
    expect(await getError(connectSsh({ ...TARGET, connect: broken }))).toMatchObject({
      _tag: 'Unavailable',
      what: 'server 42 refuses the SSH login (the connection was closed)',
    })
    expect(await getError(connectSsh(TARGET))).toMatchObject({
      _tag: 'Unavailable',
      what: 'server 42 does not respond to SSH (ECONNREFUSED)',
    })
  })
})
