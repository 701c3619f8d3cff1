import { describe, expect, it } from '@jest/globals'
import { EventEmitter } from 'node:events'
import { api } from '../../src/commands/api/run.ts'
import { checkClouds } from '../../src/commands/clouds/check.ts'
import { list } from '../../src/commands/list/run.ts'
import { remove } from '../../src/commands/delete/run.ts'
import { runLive, type LiveProcess } from '../../src/connect/run-live.ts'
import { EXIT, type ExitCode } from '../../src/exit-code.ts'
import type { LiveContext } from '../../src/live.ts'
import { maskSecrets } from '../../src/output/mask.ts'
import { Problem } from '../../src/problem.ts'
import { memoryOutput } from '../memory-output.ts'
import { temporaryFolder } from '../temporary.ts'
import { ISSUED_TOKEN, repeatingServer, type Reply } from './repeating-server.ts'
import { reveals, SPELLINGS } from './spelled-secrets.ts'
import { jumpingTime } from './time.ts'

const PASSWORD = `p"ss w/ö\\rd&<1%>'+`
const HETZNER_TOKEN = 'Zx9'.repeat(21) + 'q'
const IMAGE = '6e3f7a52-90c1-4d1a-b0a5-0e2d1f9ab001'

const server = repeatingServer()
const folder = temporaryFolder()

/** Runs a command with the debug log, and returns all of its output. */
const printed = async (
  reply: (method: string, path: string) => Reply,
  work: (live: LiveContext) => Promise<ExitCode>,
): Promise<string> => {
  server.answer(reply)
  const origin = server.origin()
  const env = {
    IMAGO_DEBUG: '1',
    HCLOUD_CONFIG: folder.file(
      'cli.toml',
      `[preferences]\nendpoint = "${origin}/v1"\n[[contexts]]\nname = "prod"\ntoken = "${HETZNER_TOKEN}"\n`,
    ),
    OS_CLIENT_CONFIG_FILE: folder.file(
      'clouds.yaml',
      JSON.stringify({
        clouds: {
          lab: {
            auth: {
              auth_url: `${origin}/v3`,
              username: 'demo',
              user_domain_name: 'Default',
              password: PASSWORD,
              project_name: 'demo',
              project_domain_name: 'Default',
            },
            region_name: 'RegionOne',
          },
        },
      }),
    ),
  }
  const signals = new EventEmitter()
  const process = {
    env,
    cwd: () => '/',
    platform: 'linux',
    once: signals.once.bind(signals),
    off: signals.off.bind(signals),
  } as unknown as LiveProcess
  const [output, messages] = [memoryOutput(), memoryOutput()]
  await runLive(
    process,
    { version: '0', output, messages, timing: jumpingTime({ start: Date.parse('2026-11-22T12:00:00Z') }).timing },
    work,
  ).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    // As main.ts does.
    messages.write(`imago: ${maskSecrets(error.message)}\n${maskSecrets(error.lines ?? '')}`)
    return EXIT.error
  })
  return output.text() + messages.text()
}

/** The forms of error messages of servers. */
const BODIES: ReadonlyMap<
  string,
  (message: string, status: number) => { readonly type: string; readonly body: string }
> = new Map([
  [
    'Keystone’s JSON',
    (message: string, status: number) => ({
      type: 'application/json',
      body: `{"error": {"code": ${status}, "title": "Refused", "message": ${JSON.stringify(message)}}}`,
    }),
  ],
  [
    'Glance’s JSON',
    (message: string, status: number) => ({
      type: 'application/json',
      body: JSON.stringify({ message, code: `${status} Refused`, title: 'Refused' }),
    }),
  ],
  [
    'Hetzner’s JSON',
    (message: string) => ({
      type: 'application/json',
      body: JSON.stringify({
        error: { code: 'invalid_input', message, details: { fields: [{ name: message, messages: [message] }] } },
      }),
    }),
  ],
  [
    'HTML',
    (message: string, status: number) => ({
      type: 'text/html',
      body: `<html><head><title>${status} ${message}</title></head><body><h1>${message}</h1>${message}</body></html>`,
    }),
  ],
  [
    'plain text',
    (message: string, status: number) => ({ type: 'text/plain', body: `${status} Refused\n\n${message}` }),
  ],
])

const refusal = (body: string, said: string, secret: string, status: number): Reply => {
  const { type, body: text } = BODIES.get(body)?.(`what came is ${said}, and that was refused`, status) ?? {
    type: '',
    body: '',
  }
  return {
    status,
    headers: {
      'content-type': type,
      'x-openstack-request-id': encodeURIComponent(secret),
      'x-correlation-id': Buffer.from(secret).toString('base64'),
    },
    body: text,
  }
}

/** Commands with a secret that must not be printed, and the requests that repeat it. */
const SCENES: readonly (readonly [
  what: string,
  secret: string,
  isIt: (method: string, path: string) => boolean,
  command: (live: LiveContext) => Promise<ExitCode>,
])[] = [
  [
    'the password at login',
    PASSWORD,
    (_, path) => path.endsWith('/auth/tokens'),
    (live) => list(['lab'], { output: 'table' }, live),
  ],
  [
    'the password at Glance',
    PASSWORD,
    (_, path) => path.startsWith('/image'),
    (live) => list(['lab'], { output: 'ndjson' }, live),
  ],
  [
    'the issued token at Glance',
    ISSUED_TOKEN,
    (_, path) => path.startsWith('/image'),
    (live) => list(['lab'], { output: 'ndjson' }, live),
  ],
  [
    'the issued token, asked raw',
    ISSUED_TOKEN,
    (_, path) => path.startsWith('/image'),
    (live) => api('lab', ['/v2/images'], { include: true }, live),
  ],
  [
    'the issued token at a deletion',
    ISSUED_TOKEN,
    (_, path) => path.startsWith('/image'),
    (live) => remove([`lab:id:${IMAGE}`], { output: 'table', yes: true }, { ...live, takeHeld: null }, null),
  ],
  ['the token of a project', HETZNER_TOKEN, () => true, (live) => list(['prod'], { output: 'table' }, live)],
  [
    'the token of a project, asked raw',
    HETZNER_TOKEN,
    () => true,
    (live) => api('prod', ['/images'], { include: true }, live),
  ],
  [
    'the token of a project, checked',
    HETZNER_TOKEN,
    () => true,
    (live) => checkClouds(['prod'], { output: 'json' }, live),
  ],
]

describe.each(SCENES)('%s', (_, secret, isIt, command) => {
  it.each([...SPELLINGS.keys()])('is not printed if a server repeats it: %s', async (spelling) => {
    const said = SPELLINGS.get(spelling)?.(secret) ?? ''
    expect(reveals(said, secret)).toBe(true)
    for (const body of BODIES.keys()) {
      for (const status of [401, 503]) {
        const text = await printed(
          (method, path) => (isIt(method, path) ? refusal(body, said, secret, status) : null),
          command,
        )
        expect(text).toMatch(/^debug: .* (?:400|401|503) /m)
        expect({ body, status, text, isRevealed: reveals(text, secret) }).toEqual({
          body,
          status,
          text,
          isRevealed: false,
        })
      }
    }
  })

  it('is not printed if a redirect or a header repeats it', async () => {
    const location = `https://elsewhere.example/${encodeURIComponent(secret)}?token=${encodeURIComponent(secret)}`
    const text = await printed(
      (method, path) =>
        isIt(method, path)
          ? { status: 302, headers: { location, 'x-repeated': encodeURIComponent(secret) }, body: '' }
          : null,
      command,
    )
    expect(text).toContain('elsewhere.example')
    expect(reveals(text, secret)).toBe(false)
  })
})

describe('secrets repeated by servers', () => {
  it('a dry run does not print the password of its request', async () => {
    const words = ['POST', '/v3/auth/tokens']
    const text = await printed(
      () => null,
      (live) =>
        api(
          'lab',
          words,
          {
            dryRun: true,
            field: ['name=demo', `password=${PASSWORD}`, 'secret=another-Secret-1'],
            service: 'identity',
          },
          live,
        ),
    )
    expect(text).toContain('"name":"demo"')
    expect(reveals(text, PASSWORD)).toBe(false)
    expect(text).not.toContain('another-Secret-1')
  })
})
