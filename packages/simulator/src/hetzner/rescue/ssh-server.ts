import { createHash } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import ssh2, { type Connection, type ParsedKey } from 'ssh2'
import type { Fault } from '../../faults/fault.ts'
import { authenticate } from './authentication.ts'
import { struck } from './connection-faults.ts'
import { newKeyPair } from './host-key.ts'

export interface SshServerOptions {
  readonly host: string
  readonly port: number
  /** Public keys in OpenSSH format. */
  readonly publicKeys: readonly string[]
  /** Returns the faults that affect a new connection. */
  readonly strike: () => readonly Fault[]
  readonly onReady: (connection: Connection) => void
}

export interface SshServer {
  /** In OpenSSH format: `SHA256:` and base64 without padding. */
  readonly hostKey: string
  readonly close: () => Promise<void>
}

const parsed = (text: string): readonly ParsedKey[] => {
  const key = ssh2.utils.parseKey(text)
  return key instanceof Error ? [] : [key].flat()
}

const fingerprint = (privateKey: string): string => {
  const [key] = parsed(privateKey)
  return `SHA256:${createHash('sha256')
    .update(key?.getPublicSSH() ?? '')
    .digest('base64')
    .replaceAll('=', '')}`
}

/** Starts an SSH server with its own host key; `onReady` handles authenticated connections. */
export const startSshServer = async ({
  host,
  port,
  publicKeys,
  strike,
  onReady,
}: SshServerOptions): Promise<SshServer> => {
  const keys = publicKeys.flatMap(parsed)
  const hostKey = newKeyPair().private
  const sockets = new Set<Socket>()

  const serverWith = (key: string): InstanceType<typeof ssh2.Server> =>
    new ssh2.Server({ hostKeys: [key], ident: 'imago_simulator_rescue' }, (connection) => {
      connection.on('error', () => undefined)
      connection.on('authentication', (context) => authenticate(context, keys))
      connection.on('ready', () => onReady(connection))
    })
  const usual = serverWith(hostKey)

  const take = async (socket: Socket): Promise<void> => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const faults = strike()
    const stream = await struck(socket, faults)
    if (stream === null) return
    const server = faults.some(({ kind }) => kind === 'host-key') ? serverWith(newKeyPair().private) : usual
    server.injectSocket(stream as Socket)
  }

  const listener: Server = createServer({ noDelay: true }, (socket) => void take(socket))
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen({ host, port, exclusive: true }, resolve)
  })
  return {
    hostKey: fingerprint(hostKey),
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
