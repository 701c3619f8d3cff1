import { formatError, createErrorSite } from '@imago/core/provider'
import { sendForText, toImageErrorFromFailure } from '@imago/http'
import { createManualClock, createOpenstackSimulator, type FaultRule, type OpenstackSimulator } from '@imago/simulator'
import { afterEach, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { createMemoryEnvironment } from '@imago/testkit'
import { discover } from '../src/config/discover.ts'
import type { OpenstackRegion } from '../src/options.ts'
import { createOpenstackSession, type OpenstackSession } from '../src/session.ts'
import { connect, jumpingTime } from './auth/local-cloud.ts'

// From clouds.yaml to Glance: the discovered configuration is used unchanged.

let running: OpenstackSimulator | null = null

afterEach(async () => {
  await running?.close()
  running = null
})

/** The regions in the simulator's clouds.yaml, by cloud name. */
const regionsIn = (text: string): ReadonlyMap<string, OpenstackRegion> => {
  const { clouds, problems } = discover(createMemoryEnvironment({ files: { '/cwd/clouds.yaml': text } }), {
    trustDirectory: false,
  })
  expect(problems).toEqual([])
  return new Map(
    clouds.map(({ name, region, timeoutMs, settings }) => [name, { name: region, timeoutMs, ...settings }]),
  )
}

interface Scene {
  readonly session: OpenstackSession
  readonly simulator: OpenstackSimulator
  /** Advances both clocks. */
  readonly advance: (ms: number) => void
  readonly lines: readonly string[]
  readonly region: OpenstackRegion
}

const START = Date.parse('2026-11-22T15:08:54Z')

const scene = async (
  name = 'simulator',
  change: (region: OpenstackRegion) => OpenstackRegion = (region) => region,
): Promise<Scene> => {
  const clock = createManualClock(START)
  const simulator = await createOpenstackSimulator({ clock: clock.now })
  running = simulator
  const { timing, advance } = jumpingTime(START)
  const { connection, lines } = connect(timing)
  const found = regionsIn(simulator.cloudsYaml).get(name)
  if (found === undefined) throw new Error(`the simulator’s clouds.yaml has no ${name}`)
  const region = change(found)
  const both = (ms: number): void => {
    clock.advance(ms)
    advance(ms)
  }
  return { session: createOpenstackSession({ name, region, connection }), simulator, advance: both, lines, region }
}

const list = async ({ cloud, image }: OpenstackSession): Promise<number | string> => {
  const answer = await sendForText(image)({ method: 'GET', url: '/v2/images' })()
  return E.isRight(answer)
    ? answer.right.status
    : formatError(toImageErrorFromFailure(answer.left, createErrorSite(cloud, 'list')))
}

const whoIs = async ({ identity }: OpenstackSession): Promise<unknown> => {
  const answer = await identity()()
  if (E.isLeft(answer)) return formatError(answer.left)
  const { user, project, methods } = answer.right
  return { user: user?.name, project: project?.name, methods }
}

const loginsIn = (lines: readonly string[]): number => lines.filter((line) => line.includes('/auth/tokens 201')).length

describe('session from clouds.yaml', () => {
  it.each([
    ['simulator', { user: 'demo', project: 'demo', methods: ['password'] }],
    ['simulator-other', { user: 'other', project: 'other', methods: ['password'] }],
    ['simulator-reader', { user: 'reader', project: 'demo', methods: ['password'] }],
    ['simulator-regiontwo', { user: 'demo', project: 'demo', methods: ['password'] }],
    ['simulator-application-credential', { user: 'demo', project: 'demo', methods: ['application_credential'] }],
    ['simulator-trust', { user: 'other', project: 'demo', methods: ['password'] }],
    ['simulator-totp', { user: 'totp', project: 'demo', methods: ['totp'] }],
    ['simulator-multifactor', { user: 'mfa', project: 'demo', methods: expect.arrayContaining(['password', 'totp']) }],
    ['simulator-oidc', { user: 'federated', project: 'demo', methods: expect.arrayContaining(['token']) }],
  ])('logs in: %s', async (name, who) => {
    const { session } = await scene(name)
    expect(await whoIs(session)).toEqual(who)
    expect(await list(session)).toBe(200)
  })

  it('uses a separate Glance in each region', async () => {
    const first = await (await scene()).session.endpoint('image')()
    await running?.close()
    const second = await (await scene('simulator-regiontwo')).session.endpoint('image')()
    expect(first).toMatchObject({ right: { region: 'RegionOne' } })
    expect(second).toMatchObject({ right: { region: 'RegionTwo' } })
  })

  it('names the missing factor of two', async () => {
    const { session } = await scene('simulator-multifactor', (region) =>
      region.auth.kind === 'keystone'
        ? { ...region, auth: { ...region.auth, methods: region.auth.methods.slice(0, 1) } }
        : region,
    )
    expect(await whoIs(session)).toMatch(/accepted the password of user mfa .*, but requires more auth methods: totp/)
  })
})

describe('long session', () => {
  it('renews the token before it expires', async () => {
    const { session, advance, lines } = await scene()
    await list(session)
    advance(57 * 60_000)
    expect(await list(session)).toBe(200)
    expect(loginsIn(lines)).toBe(1)
    advance(90_000)
    expect(await list(session)).toBe(200)
    expect(loginsIn(lines)).toBe(2)
    expect(lines.filter((line) => / 401 /.test(line))).toEqual([])
  })

  it('replaces revoked tokens once for all requests', async () => {
    const { session, simulator, lines } = await scene()
    await list(session)
    simulator.faults.add({ path: '**/v2/images', times: 1, fault: { kind: 'expire-token' } })
    expect(await Promise.all([list(session), list(session), list(session)])).toEqual([200, 200, 200])
    expect(loginsIn(lines)).toBe(2)
  })

  const trouble = (fault: FaultRule['fault'], times?: number): FaultRule => ({
    method: 'POST',
    path: '**/auth/tokens',
    fault,
    ...(times === undefined ? {} : { times }),
  })

  it.each<readonly [string, FaultRule]>([
    ['a busy Keystone', trouble({ kind: 'status', status: 503 }, 3)],
    ['a gateway error page', trouble({ kind: 'html', status: 502 }, 2)],
    ['a broken connection', trouble({ kind: 'reset', atByte: 0 }, 2)],
    ['a connection that breaks during the response', trouble({ kind: 'reset', atByte: 40 }, 1)],
    ['too many requests', trouble({ kind: 'status', status: 429, headers: { 'retry-after': '2' } }, 1)],
  ])('logs in despite %s', async (_, rule) => {
    const { session, simulator } = await scene()
    simulator.faults.add(rule)
    expect(await list(session)).toBe(200)
  })

  it.each<readonly [string, FaultRule, RegExp]>([
    [
      'web page instead of a token',
      trouble({ kind: 'html', status: 200 }),
      /a web page responded instead of Keystone: /,
    ],
    ['truncated response', trouble({ kind: 'truncate', atByte: 100 }), /^openstack\/simulator: login: /],
    [
      'redirect to another host',
      trouble({ kind: 'redirect', location: 'https://evil.example/v3/auth/tokens' }),
      /redirects to https:\/\/evil\.example\/v3\/auth\/tokens, which was not followed/,
    ],
    ['busy Keystone', trouble({ kind: 'html', status: 503 }), /Keystone is temporarily unavailable/],
  ])('reports a failed login: %s', async (_, rule, message) => {
    const { session, simulator, lines } = await scene()
    simulator.faults.add(rule)
    const text = await list(session)
    expect(text).toMatch(message)
    expect(`${text}${lines.join()}`).not.toContain('demo-password')
  })
})
