import { constants } from 'node:os'
import type { Connection, ServerChannel, Session } from 'ssh2'
import type { RunningCommand, Sandbox } from './sandbox.ts'

/** The functions of the rescue system that a session uses. */
export interface SessionOptions {
  readonly sandbox: Sandbox
  readonly onPower: (power: 'off' | 'reboot') => void
}

const CUT =
  'simulator: the command truncated /dev/sda. A disk cannot be truncated, so the simulator restored its size and filled the rest with zeros. Write with dd.\n'

const isSignal = (name: string): name is NodeJS.Signals => name in constants.signals

/** Discards input that the command does not read: otherwise the channel would not close. */
const discardInput = (channel: ServerChannel, command: RunningCommand): void => {
  channel.unpipe(command.stdin)
  channel.resume()
}

/** Ends a command whose client has disconnected: closes its input and discards its output. */
const abandon = (command: RunningCommand): void => {
  command.stdin.end()
  command.stdout.destroy()
  command.stderr.destroy()
}

const finish = async (
  channel: ServerChannel,
  command: RunningCommand,
  { sandbox, onPower }: SessionOptions,
  code: number | null,
  signal: NodeJS.Signals | null,
): Promise<void> => {
  const { power, wasCut } = await sandbox.afterCommand()
  if (wasCut) channel.stderr.write(CUT)
  if (channel.stderr.writableNeedDrain)
    await new Promise((resolve) => channel.stderr.once('drain', resolve).once('close', resolve))
  if (signal === null) channel.exit(code ?? 255)
  else channel.exit(signal.slice(3), false, '')
  channel.end()
  discardInput(channel, command)
  abandon(command)
  // The output must be sent before the connection closes.
  if (power !== null) channel.once('close', () => onPower(power))
}

const connect = (channel: ServerChannel, command: RunningCommand, options: SessionOptions): void => {
  command.stdin.on('error', () => discardInput(channel, command))
  channel.pipe(command.stdin)
  command.stdout.pipe(channel, { end: false })
  command.stderr.pipe(channel.stderr, { end: false })
  channel.on('error', () => undefined)
  channel.once('close', () => abandon(command))
  command.once('error', (error) => {
    channel.stderr.write(`simulator: ${error.message}\n`)
    channel.exit(126)
    channel.end()
  })
  command.once('close', (code, signal) => void finish(channel, command, options, code, signal))
}

/** Serves one session: a command or a shell, without a terminal. */
const serve = (session: Session, connection: Connection, options: SessionOptions): void => {
  const env: Record<string, string> = {}
  let running: RunningCommand | null = null
  session.on('env', (accept, reject, { key, val }) => {
    if (!/^(?:LANG|LC_[A-Z_]+)$/.test(key)) return reject?.()
    env[key] = val
    accept?.()
  })
  session.on('signal', (accept, reject, { name }) => {
    const signal = `SIG${name}`
    if (running === null || !isSignal(signal)) return reject?.()
    void options.sandbox.signal(running, signal).then((isSent) => (isSent ? accept?.() : reject?.()))
  })
  const start = (channel: ServerChannel, command: string | null): void => {
    const started = options.sandbox.run(command, env)
    running = started
    connect(channel, started, options)
    // A channel with unread input is not closed with its connection.
    connection.once('close', () => abandon(started))
  }
  session.on('exec', (accept, _reject, { command }) => start(accept(), command))
  session.on('shell', (accept) => start(accept(), null))
}

/** Serves all sessions of an authenticated connection. */
export const serveSessions = (connection: Connection, options: SessionOptions): void => {
  connection.on('session', (accept) => serve(accept(), connection, options))
}

/** Refuses all sessions, and prints the reason to clients that run a command. */
export const refuseSessions = (connection: Connection, reason: string): void => {
  connection.on('session', (accept) => {
    const refuse = (open: () => ServerChannel): void => {
      const channel = open()
      channel.stderr.write(`${reason}\n`)
      channel.exit(126)
      channel.end()
    }
    accept().on('exec', refuse).on('shell', refuse)
  })
}
