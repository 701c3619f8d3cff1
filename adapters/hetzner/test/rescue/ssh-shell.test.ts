import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createErrorSite, unavailable, type ByteSource, type ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { PassThrough, type Duplex } from 'node:stream'
import ssh2, { type ServerChannel } from 'ssh2'
import { getError, getValue } from '../local-api.ts'
import type { RescueServer } from '../../src/rescue/rescue-server.ts'
import { readVerified } from '../../src/rescue/read-disk.ts'
import { connectSsh, type SshTarget } from '../../src/rescue/ssh.ts'
import type { Shell } from '../../src/rescue/ssh-shell.ts'
import { writeVerified } from '../../src/rescue/write-disk.ts'
import { sha512, thrownBy } from './transferring.ts'

jest.setTimeout(20_000)

const site = createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'download')
const pair = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
/** The server's reaction to a command. */
let answer: (channel: ServerChannel, line: string) => void = (channel) => channel.close()
const server = new ssh2.Server({ hostKeys: [pair.private] }, (connection) => {
  connection.on('error', () => undefined)
  connection.on('authentication', (context) => context.accept())
  connection.on('session', (accept) => {
    accept().on('exec', (agree, _, { command }) => answer(agree(), command))
  })
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())

const target = (more: Partial<SshTarget> = {}): SshTarget => ({
  site,
  subject: 'server 1',
  host: '127.0.0.1',
  port: (server.address() as AddressInfo).port,
  privateKey: pair.private,
  hostKey: null,
  connect: undefined,
  ...more,
})

/** A temporary server that returns these shells in order, and then repeats the last one. */
const createHelper = (shells: readonly Shell[]): RescueServer & { readonly disconnected: Shell[] } => {
  const left = [...shells]
  const disconnected: Shell[] = []
  const next = (): Shell => left[0] as Shell
  const disconnect = (shell: Shell): void => {
    disconnected.push(shell)
    if (left.length > 1 && left[0] === shell) left.shift()
  }
  return {
    id: 1,
    name: 'imago-r1',
    disconnected,
    disconnect,
    deleteAll: async () => [],
    runOverSsh: (tries, work) => async () => {
      for (let attempt = 1; ; attempt++) {
        const shell = next()
        const done = await work(shell, attempt)()
        if (E.isRight(done) || done.left._tag !== 'Unavailable' || attempt >= tries) return done
        disconnect(shell)
      }
    },
  }
}

const dead: ImageError = unavailable(site, { what: 'the connection broke' })

describe('a connection', () => {
  it('that opens after an abort is closed', async () => {
    const controller = new AbortController()
    const late = new PassThrough()
    let give: (socket: Duplex) => void = () => undefined
    const connecting = getError(
      connectSsh(target({ signal: controller.signal, connect: () => new Promise((resolve) => (give = resolve)) })),
    )
    controller.abort()
    expect(await connecting).toMatchObject({ _tag: 'Aborted' })
    give(late)
    await new Promise((resolve) => setImmediate(resolve))
    expect(late.destroyed).toBe(true)
  })

  it('whose server sends unexpected data fails, and does not hang', async () => {
    answer = (channel, line) => {
      channel.write(line.includes('sha512sum') ? sha512(new Uint8Array(0)) : randomBytes(3_000_000))
      channel.exit(0)
      channel.end()
    }
    const shell = await getValue(connectSsh(target()))
    const reading = readVerified({
      site,
      helper: createHelper([shell]),
      range: { start: 0, length: 1000 },
      compressor: 'gzip',
      signal: undefined,
    })
    expect(await thrownBy(reading.next())).toMatchObject({ _tag: 'Unavailable', what: 'server 1 sent 0 of 1000 bytes' })
    shell.close()
  })

  it('returns the result of a command that ends immediately', async () => {
    const shell = await getValue(connectSsh(target()))
    for (const [end, expected] of [
      [(channel) => channel.exit(0), { right: 'done' }],
      [(channel) => channel.exit(3), { left: { _tag: 'Rejected', what: 'server 1 failed while it was tried' } }],
      [(channel) => channel.exit('KILL'), { left: { _tag: 'Rejected' } }],
      [
        () => undefined,
        { left: { _tag: 'Unavailable', what: 'the connection to server 1 was lost while it was tried' } },
      ],
    ] as readonly [(channel: ServerChannel) => void, unknown][]) {
      answer = (channel) => {
        channel.write('done')
        end(channel)
        channel.end()
      }
      expect(await shell.run({ line: 'try', what: 'it was tried' })()).toMatchObject(expected as object)
    }
    shell.close()
  })

  it('that is broken before the disk is read is replaced', async () => {
    const bytes = randomBytes(300_000)
    answer = (channel, line) => {
      channel.write(line.includes('sha512sum') ? sha512(bytes) : bytes)
      channel.exit(0)
      channel.end()
    }
    const gone = await getValue(connectSsh(target()))
    gone.close()
    const shell = await getValue(connectSsh(target()))
    const read: Uint8Array[] = []
    for await (const chunk of readVerified({
      site,
      helper: createHelper([gone, shell]),
      range: { start: 0, length: bytes.length },
      compressor: null,
      signal: undefined,
    }))
      read.push(chunk)
    expect(Buffer.concat(read).equals(bytes)).toBe(true)
    shell.close()
  })
})

describe('SSH shell of the rescue server', () => {
  it('writeVerified closes the bytes of each try that fails', async () => {
    let opened = 0
    let closed = 0
    const bytes: ByteSource = {
      size: 1000,
      open: () => {
        opened += 1
        const iterator = {
          next: async () => ({ done: false as const, value: new Uint8Array(1000) }),
          return: async () => (closed++, { done: true as const, value: undefined }),
        }
        return TE.right({ [Symbol.asyncIterator]: () => iterator })
      },
    }
    const shell: Shell = {
      hostKey: 'SHA256:x',
      stream: () => Promise.reject(new Error('not asked for')),
      close: () => undefined,
      run: ({ what, input }) =>
        what === 'reading the size of its disk'
          ? TE.right('1000000')
          : what === 'checking its compression tools'
            ? TE.right('gzip')
            : input === undefined
              ? TE.right('')
              : TE.left(dead),
    }
    expect(
      await getError(
        writeVerified({
          site,
          helper: createHelper([shell]),
          bytes,
          size: 1000,
          signal: undefined,
          onProgress: undefined,
          onStep: () => undefined,
        }),
      ),
    ).toEqual(dead)
    expect(opened).toBe(4)
    expect(closed).toBe(4)
  })
})
