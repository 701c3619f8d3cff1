import { describe, expect, it } from '@jest/globals'
import { explainLive } from '../../src/commands/explain/run-live.ts'
import { find } from '../../src/commands/find/run.ts'
import { show } from '../../src/commands/show/run.ts'
import { IMAGE_FORMATS } from '../../src/options/output.ts'
import { getCloud, idsIn, LOGIN, PROVIDERS, simulatedClouds, type ProviderName, type Ran } from './clouds.ts'

const { list, strike, run, openstack } = simulatedClouds()

/** Clears the screen and sets the title; contains a C1 introducer, bidirectional marks, line ends and a backspace. */
const EVIL = 'a\u001b[2J\u001b]0;owned\u0007\u009b8m\u202egnp.exe\u2066\u0008\u007f\r\n\u2028\u200f\u061c\ufeffb'

/** Control characters except the line feeds that imago writes. */
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/

const HETZNER = {
  id: 42,
  type: 'snapshot',
  status: EVIL,
  name: EVIL,
  description: EVIL,
  os_flavor: EVIL,
  os_version: EVIL,
  architecture: EVIL,
  created: EVIL,
  created_from: { id: 1, name: EVIL },
  labels: { [EVIL]: EVIL },
  [EVIL]: EVIL,
}

const ID = '5d7eb3a5-05ec-4ff8-9a1c-dd2f5e9d4d01'
const GLANCE = {
  id: ID,
  status: EVIL,
  name: EVIL,
  description: EVIL,
  visibility: EVIL,
  owner: EVIL,
  disk_format: EVIL,
  os_distro: EVIL,
  os_hash_algo: EVIL,
  os_hash_value: EVIL,
  direct_url: `http://h/${EVIL}`,
  tags: [EVIL],
  [EVIL]: EVIL,
}

const record = (provider: ProviderName): object => (provider === 'hetzner' ? HETZNER : GLANCE)
const place = (provider: ProviderName): string => `${getCloud(provider)}:id:${provider === 'hetzner' ? '42' : ID}`

const strikeAll = (provider: ProviderName): void => {
  strike(provider, {
    kind: 'status',
    status: 200,
    body: JSON.stringify({ images: [record(provider), { ...record(provider), id: null }] }),
  })
  strike(
    provider,
    { kind: 'status', status: 200, body: JSON.stringify(provider === 'hetzner' ? { image: HETZNER } : GLANCE) },
    { path: '**/images/*' },
  )
}

const expectTame = ({ stdout, stderr, debug }: Ran): void => {
  expect(stdout).not.toMatch(RAW)
  expect(stderr).not.toMatch(RAW)
  expect(debug.join('')).not.toMatch(RAW)
}

describe.each(PROVIDERS)('%s: control sequences in all fields of a record, on a terminal', (provider) => {
  it.each(IMAGE_FORMATS)('are escaped by list, as %s', async (output) => {
    strikeAll(provider)
    const ran = await list([getCloud(provider)], { isTerminal: true, list: { output } })
    expect(ran.code).toBe(4)
    expect(ran.stdout).toMatch(/owned/)
    expect(ran.stderr).toMatch(/\/id: expected/)
    expectTame(ran)
  })

  it.each(['table', 'json', 'ndjson', 'yaml'] as const)('are escaped by show, as %s', async (output) => {
    strikeAll(provider)
    const ran = await run((live) => show([place(provider)], { output, evidence: true }, live), { isTerminal: true })
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/owned/)
    expectTame(ran)
  })

  it('are escaped by explain', async () => {
    strikeAll(provider)
    for (const output of ['table', 'json'] as const) {
      const ran = await run((live) => explainLive(place(provider), { output }, live), { isTerminal: true })
      expect(ran.stdout).toMatch(/owned/)
      expectTame(ran)
    }
  })

  it('are escaped in candidates of an ambiguous name', async () => {
    const other = provider === 'hetzner' ? { ...HETZNER, id: 43 } : { ...GLANCE, id: ID.replace('5d7', '6d7') }
    strike(provider, { kind: 'status', status: 200, body: JSON.stringify({ images: [record(provider), other] }) })
    const ran = await run(
      (live) => find(undefined, { output: 'id', cloud: [getCloud(provider)], text: ['owned'] }, live),
      { isTerminal: true },
    )
    expect(ran.code).toBe(3)
    expect(ran.stderr).toMatch(/owned/)
    expectTame(ran)
  })

  it('are escaped in errors and response headers', async () => {
    const message = `no ${EVIL}`
    const body = JSON.stringify(
      provider === 'hetzner' ? { error: { code: EVIL, message } } : { message, code: EVIL, title: EVIL },
    )
    strike(provider, {
      kind: 'status',
      status: 403,
      body,
      headers: { 'x-correlation-id': 'r\u009b2Jq', 'x-openstack-request-id': 'r\u009b2Jq' },
    })
    const ran = await list([getCloud(provider)], { isTerminal: true })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/no a.*owned/)
    expect(ran.stderr.split('\n').slice(1)).toEqual(['0 images, 0 rejected', ''])
    expectTame(ran)
  })

  it('are escaped in redirects and content types', async () => {
    strike(provider, { kind: 'redirect', location: 'http://h\u009b.example/%1b[2J' }, { times: 1 })
    strike(
      provider,
      { kind: 'status', status: 200, body: '<', headers: { 'content-type': 'text/\u009b2J' } },
      { after: 1 },
    )
    for (let index = 0; index < 2; index++) {
      const ran = await list([getCloud(provider)], { isTerminal: true })
      expect(ran.code).toBe(1)
      expectTame(ran)
    }
  })
})

describe('terminal escapes', () => {
  it('control sequences in an error of Keystone are escaped', async () => {
    openstack().faults.add({
      ...LOGIN,
      fault: {
        kind: 'status',
        status: 403,
        body: JSON.stringify({ error: { code: 403, title: EVIL, message: EVIL } }),
      },
    })
    const ran = await list(['lab'], { isTerminal: true })
    expect(ran.code).toBe(1)
    expectTame(ran)
  })

  it.each(PROVIDERS)('%s: JSON in a file contains the exact texts of the record', async (provider) => {
    strike(provider, { kind: 'status', status: 200, body: JSON.stringify({ images: [record(provider)] }) })
    const { stdout } = await list([getCloud(provider)])
    expect((JSON.parse(stdout) as { readonly description: string }).description).toBe(EVIL)
    expect(idsIn(stdout)).toHaveLength(1)
  })
})
