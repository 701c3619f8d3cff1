import {
  aborted,
  decodeFailed,
  linkSignals,
  unavailable,
  type Abortable,
  type ImageResult,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import { createTemporaryLabels, createTemporaryName } from '@imago/provider-kit'
import type { HetznerServer } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { awaitAction } from '../source/await-action.ts'
import type { RescueContext } from './context.ts'
import { loadSsh2 } from './load-ssh2.ts'
import { orderServer, type ServerOrder } from './order-server.ts'
import { pause } from './pause.ts'
import { cleanUp, withOrphanHint } from './clean-up.ts'
import { connectSsh } from './ssh.ts'
import type { Shell } from './ssh-shell.ts'
import { generateSshKey } from './ssh-key.ts'

/** The purpose of a temporary server. */
export interface RescueTask
  extends Abortable, Pick<ServerOrder, 'site' | 'run' | 'epoch' | 'architecture' | 'disk' | 'image' | 'onStep'> {}

/** A temporary server, in its rescue system. */
export interface RescueServer {
  readonly id: number
  readonly name: string
  /** Runs `work` over the connection. If it breaks, repeats it over a new one with the same host key, up to `tries` times. */
  readonly runOverSsh: <A>(tries: number, work: (shell: Shell, attempt: number) => ImageResult<A>) => ImageResult<A>
  /** Closes a broken connection; the next work opens a new one. */
  readonly disconnect: (shell: Shell) => void
  /** Deletes the server and its resources, even after an abort. Returns descriptions of what could not be deleted. */
  readonly deleteAll: () => Promise<readonly string[]>
}

const ACTION_MS = 10 * 60_000
/** hcloud-upload-image waits about three minutes for SSH. */
const BOOT_MS = 5 * 60_000
const BETWEEN_TRIES_MS = 2000

const findAddress = ({ public_net }: HetznerServer): string | null => public_net?.ipv4?.ip ?? null

/** Connects when the rescue system has started. Retries temporary failures until the deadline. */
const reach = (
  connect: ImageResult<Shell>,
  context: RescueContext,
  site: ErrorSite,
  subject: string,
  signal: Abortable['signal'],
): ImageResult<Shell> => {
  const { timing } = context.session
  return async () => {
    const end = timing.clock() + BOOT_MS
    for (;;) {
      const shell = await connect()
      if (E.isRight(shell) || shell.left._tag !== 'Unavailable') return shell
      if (timing.clock() >= end)
        return E.left(
          unavailable(site, {
            what: `the rescue system of ${subject} did not start within ${BOOT_MS / 60_000} minutes: ${shell.left.what}`,
            hint: 'Check that no firewall blocks SSH to Hetzner, then retry',
          }),
        )
      if (!(await pause(BETWEEN_TRIES_MS, timing, signal))) return E.left(aborted(site))
    }
  }
}

/** Orders the server, with its rescue system enabled for the next boot. */
const bootRescue = (
  context: RescueContext,
  server: HetznerServer,
  key: number,
  { site, signal, onStep }: RescueTask,
): ImageResult<unknown> => {
  const options = { operation: site.operation, signal }
  const ended = TE.flatMap((action: Parameters<typeof awaitAction>[2]) =>
    awaitAction(context, site, action, ACTION_MS, options),
  )
  return pipe(
    context.servers.enableRescue(server.id, { type: 'linux64', ssh_keys: [key] }, options),
    TE.map(({ action }) => action),
    ended,
    TE.tapIO(() => () => onStep(`booting the rescue system of server ${server.id}`)),
    TE.flatMap(() => pipe(context.servers.powerOn(server.id, options), ended)),
  )
}

/**
 * Creates a server with its own key, and boots its rescue system. A failure deletes both.
 * Hetzner does not publish the host key: the first one seen is required afterwards.
 */
export const createRescueServer =
  (context: RescueContext, task: RescueTask): ImageResult<RescueServer> =>
  async () => {
    const { site, run, epoch, signal, onStep } = task
    const { sshPort = 22, connect } = context.session.rescue
    const name = createTemporaryName(run)
    const ssh2 = await loadSsh2(site)()
    if (E.isLeft(ssh2)) return ssh2
    const key = generateSshKey(ssh2.right, name)
    // Each line is masked separately.
    for (const line of key.private.split('\n')) if (!line.startsWith('-')) context.session.masker.add(line)
    // Deleting the server ends commands over SSH.
    const service = linkSignals(signal)
    let current: Shell | null = null
    let connecting: Promise<E.Either<ImageError, Shell>> | null = null
    let hostKey: string | null = null

    const deleteAll = async (): Promise<readonly string[]> => {
      service.abort()
      current?.close()
      current = null
      return cleanUp(context, { operation: site.operation, run, name })
    }

    const connectTo = (server: HetznerServer, host: string): ImageResult<Shell> => {
      const subject = `server ${server.id}`
      return async () => {
        const shell = await reach(
          () =>
            connectSsh({
              site,
              subject,
              host,
              port: sshPort,
              privateKey: key.private,
              hostKey,
              connect,
              signal: service.signal,
            })(),
          context,
          site,
          subject,
          service.signal,
        )()
        if (E.isLeft(shell)) return shell
        if (hostKey === null) onStep(`connected to server ${server.id}, host key ${shell.right.hostKey}`)
        hostKey = shell.right.hostKey
        current = shell.right
        return shell
      }
    }

    /** The connection, or a new one that concurrent callers share. */
    const shellAt = (server: HetznerServer, host: string): ImageResult<Shell> => {
      const connected = connectTo(server, host)
      return () => {
        if (current !== null) return Promise.resolve(E.right(current))
        connecting ??= connected().finally(() => void (connecting = null))
        return connecting
      }
    }

    const disconnect = (shell: Shell): void => {
      shell.close()
      if (current === shell) current = null
    }

    const toRescueServer = (server: HetznerServer, host: string): RescueServer => ({
      id: server.id,
      name,
      deleteAll,
      disconnect,
      runOverSsh: (tries, work) => async () => {
        for (let attempt = 1; ; attempt++) {
          const shell = await shellAt(server, host)()
          if (E.isLeft(shell)) return shell
          const done = await work(shell.right, attempt)()
          if (E.isRight(done) || done.left._tag !== 'Unavailable' || attempt >= tries || service.signal.aborted)
            return done
          disconnect(shell.right)
          onStep(`${done.left.what}: retrying`)
        }
      },
    })

    const creating = pipe(
      TE.Do,
      TE.bind('sshKey', () =>
        context.sshKeys.create(
          { name, public_key: key.public, labels: createTemporaryLabels(run, epoch) },
          { operation: site.operation, signal },
        ),
      ),
      TE.bind('server', ({ sshKey }) => orderServer(context, { ...task, name, sshKey: sshKey.id })),
      TE.tap(({ server, sshKey }) => bootRescue(context, server, sshKey.id, task)),
      TE.flatMap(({ server }) => {
        const host = findAddress(server)
        if (host === null)
          return TE.left<ImageError>(
            decodeFailed(site, { what: `server ${server.id} has no IPv4 address`, issues: [] }),
          )
        return pipe(
          shellAt(server, host),
          TE.map(() => toRescueServer(server, host)),
        )
      }),
    )
    // An exception of a listener or of the caller's connection must not leave a server behind.
    const created = await creating().catch(async (thrown: unknown) => {
      await deleteAll()
      throw thrown
    })
    return E.isRight(created) ? created : E.left(withOrphanHint(created.left, await deleteAll()))
  }
