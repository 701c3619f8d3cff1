import type { Readable } from 'node:stream'
import {
  aborted,
  ABORTED,
  ImageException,
  raceAbort,
  rejected,
  unavailable,
  type Abortable,
  type AbortSignalLike,
  type ErrorSite,
  type ImageResult,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { Client, ClientChannel } from 'ssh2'

/** A command for the server. */
export interface Command extends Abortable {
  /** What it does, for errors: `writing the disk`. */
  readonly what: string
  readonly line: string
}

/** A shell of a server, over one connection. A broken connection is `Unavailable`. */
export interface Shell {
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly hostKey: string
  /** Runs a command, and returns its output; a failing one is `Rejected`. An error of `input` is returned as it is. */
  readonly run: (command: Command & { readonly input?: AsyncIterable<Uint8Array> | undefined }) => ImageResult<string>
  /** Runs a command, and streams its output. Failures, also to start it, are thrown by the iteration. */
  readonly stream: (command: Command) => Promise<Readable & { readonly ended: Promise<ImageError | null> }>
  readonly close: () => void
}

/** The server, for errors. */
export interface ShellServer {
  readonly site: ErrorSite
  /** `server 42`. */
  readonly subject: string
}

/** In characters. Longer output is truncated. */
const MAX_TEXT_LENGTH = 65_536

const readText = async (stream: Readable): Promise<string> => {
  let text = ''
  for await (const chunk of stream) if (text.length < MAX_TEXT_LENGTH) text += String(chunk)
  return text
}

/** The end of a command. `code` is null if the connection broke before. */
interface End {
  readonly code: number | null
}

const waitForEnd = (channel: ClientChannel): Promise<End> =>
  new Promise((resolve) => {
    // Not `exit`, which is emitted before a listener exists if the reply and the end arrive together. The code is undefined if the connection broke, and null after a signal.
    channel.on('close', (exitCode?: number | null) =>
      resolve({ code: exitCode === undefined ? null : (exitCode ?? -1) }),
    )
    channel.on('error', () => undefined)
  })

/** The last line of a command's standard error. */
const formatLastLine = (errors: string): string => {
  const last = errors.trim().split('\n').at(-1) ?? ''
  return last === '' ? '' : `: ${last}`
}

const feed = async (channel: ClientChannel, input: AsyncIterable<Uint8Array>, end: Promise<End>): Promise<void> => {
  let hasEnded = false
  let goOn = (): void => undefined
  // One listener for all waits, because the promise of each race would stay in memory until the channel ends.
  channel.on('drain', () => goOn())
  void end.then(() => {
    hasEnded = true
    goOn()
  })
  for await (const chunk of input) {
    if (hasEnded) return
    if (channel.write(chunk)) continue
    await new Promise<void>((resolve) => {
      goOn = resolve
      if (hasEnded) resolve()
    })
  }
  channel.end()
}

export const createShell = (client: Client, { site, subject }: ShellServer, hostKey: string): Shell => {
  const toConnectionError = (what: string): ImageError =>
    unavailable(site, { what: `the connection to ${subject} was lost while ${what}` })
  const toCommandError = ({ code }: End, errors: string, what: string): ImageError | null => {
    if (code === 0) return null
    return code === null
      ? toConnectionError(what)
      : rejected(site, {
          what: `${subject} failed while ${what}${formatLastLine(errors)}`,
          hint: 'Check the messages of its rescue system',
        })
  }
  const execute = (line: string): Promise<ClientChannel> =>
    new Promise((resolve, reject) =>
      client.exec(line, (error, channel) => (error === undefined ? resolve(channel) : reject(error))),
    )
  const onAbort = (signal: AbortSignalLike | undefined, stop: () => void): (() => void) => {
    signal?.addEventListener('abort', stop)
    return () => signal?.removeEventListener('abort', stop)
  }

  const run: Shell['run'] =
    ({ line, what, input, signal }) =>
    async () => {
      if (signal?.aborted === true) return E.left(aborted(site))
      const started = await raceAbort(
        execute(line).catch(() => null),
        signal,
      )
      if (started === ABORTED) return E.left(aborted(site))
      if (started === null) return E.left(toConnectionError(what))
      const end = waitForEnd(started)
      const texts = Promise.all([readText(started), readText(started.stderr)]).catch(() => ['', ''])
      const release = onAbort(signal, () => started.destroy())
      try {
        if (input === undefined) started.end()
        else if ((await raceAbort(feed(started, input, end), signal)) === ABORTED) return E.left(aborted(site))
        const ended = await raceAbort(end, signal)
        if (ended === ABORTED) return E.left(aborted(site))
        const [printed = '', errors = ''] = await texts
        const error = toCommandError(ended, errors, what)
        return error === null ? E.right(printed) : E.left(error)
      } catch (thrown) {
        started.destroy()
        if (ImageException.is(thrown)) return E.left(thrown.error)
        throw thrown
      } finally {
        release()
      }
    }

  const stream: Shell['stream'] = async ({ line, what, signal }) => {
    const channel = await raceAbort(
      execute(line).catch(() => null),
      signal,
    )
    if (channel === ABORTED) throw new ImageException(aborted(site))
    if (channel === null) throw new ImageException(toConnectionError(what))
    const errors = readText(channel.stderr).catch(() => '')
    const release = onAbort(signal, () => channel.destroy())
    const ended = waitForEnd(channel).then(async (end) => {
      release()
      return signal?.aborted === true ? aborted(site) : toCommandError(end, await errors, what)
    })
    channel.end()
    return Object.assign(channel, { ended })
  }

  return { hostKey, run, stream, close: () => void client.destroy() }
}
