import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  aborted,
  ABORTED,
  forbidden,
  raceAbort,
  unavailable,
  type Abortable,
  type AbortSignalLike,
  type ImageResult,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { loadSsh2 } from './load-ssh2.ts'
import { createShell, type Shell, type ShellServer } from './ssh-shell.ts'

export interface SshTarget extends ShellServer, Abortable {
  readonly host: string
  readonly port: number
  readonly privateKey: string
  /** The required host key; `null`: any. */
  readonly hostKey: string | null
  readonly connect: ((host: string, port: number) => Promise<Duplex>) | undefined
}

const HANDSHAKE_MS = 20_000

/** A connection that is silent three times this long is broken. */
const KEEP_ALIVE_MS = 15_000

/** The fast ones first, for the data of the disk. */
const CIPHERS = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'] as const

const openTcp = async (host: string, port: number, signal: AbortSignalLike | undefined): Promise<Duplex> => {
  const socket = connectTcp({ host, port, timeout: HANDSHAKE_MS })
  const stop = (): void => void socket.destroy(new Error('ABORTED'))
  socket.once('timeout', () => socket.destroy(new Error('ETIMEDOUT')))
  signal?.addEventListener('abort', stop)
  try {
    await once(socket, 'connect')
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  socket.setTimeout(0)
  socket.setNoDelay(true)
  return socket
}

const describeError = (thrown: unknown): string => {
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string') return code
  return typeof message === 'string' && message !== '' ? message : 'the connection was closed'
}

/** Connects as root. Temporary failures are `Unavailable`, a wrong host key is `Forbidden`. */
export const connectSsh =
  (target: SshTarget): ImageResult<Shell> =>
  async () => {
    const { site, subject, host, port, privateKey, signal, connect } = target
    if (signal?.aborted === true) return E.left(aborted(site))
    const opening = connect === undefined ? openTcp(host, port, signal) : connect(host, port)
    const opened = await raceAbort(
      opening.then(E.right, (thrown: unknown) => E.left(describeError(thrown))),
      signal,
    )
    if (opened === ABORTED) {
      // A connection that opens after an abort would keep the process running.
      void opening.then(
        (late) => late.destroy(),
        () => undefined,
      )
      return E.left(aborted(site))
    }
    if (E.isLeft(opened))
      return E.left(unavailable(site, { what: `${subject} does not respond to SSH (${opened.left})` }))
    const socket = opened.right
    const shut = unavailable(site, { what: `${subject} refuses the SSH login (the connection was closed)` })
    // An error before ssh2 listens would end the process.
    socket.on('error', () => undefined)
    // Loaded only for rescue transfers.
    const ssh2 = await loadSsh2(site)()
    if (E.isLeft(ssh2)) {
      socket.destroy()
      return ssh2
    }
    if (socket.destroyed) return E.left(shut)
    const client = new ssh2.right.Client()
    let seen = ''
    const hostVerifier = (key: Buffer): boolean => {
      seen = `SHA256:${createHash('sha256').update(key).digest('base64').replaceAll('=', '')}`
      return target.hostKey === null || target.hostKey === seen
    }
    const ready = new Promise<ImageError | null>((resolve) => {
      client.on('ready', () => resolve(null))
      client.on('error', (thrown) => {
        const isOther = target.hostKey !== null && seen !== '' && seen !== target.hostKey
        resolve(
          isOther
            ? forbidden(site, {
                what: `the host key of ${subject} has changed: ${seen}, not ${target.hostKey}`,
                reason: 'host_key',
                hint: 'Retry from another network: the connection may be intercepted. Nothing more was sent',
              })
            : unavailable(site, { what: `${subject} refuses the SSH login (${describeError(thrown)})` }),
        )
      })
      client.on('close', () => resolve(shut))
    })
    client.connect({
      sock: socket,
      username: 'root',
      privateKey,
      hostVerifier,
      readyTimeout: HANDSHAKE_MS,
      keepaliveInterval: KEEP_ALIVE_MS,
      keepaliveCountMax: 3,
      algorithms: { cipher: [...CIPHERS] },
    })
    const failure = await raceAbort(ready, signal)
    if (failure === null) return E.right(createShell(client, target, seen))
    client.destroy()
    socket.destroy()
    return E.left(failure === ABORTED ? aborted(site) : failure)
  }
