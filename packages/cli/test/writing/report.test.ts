import { describe, expect, it } from '@jest/globals'
import { rejected, createErrorSite } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { remove } from '../../src/commands/delete/run.ts'
import { set } from '../../src/commands/set/run.ts'
import { CLOUD, type Stage, stage, findImage, JSON_OUTPUT, TABLE, readDocument, problem } from './stage.ts'

describe('a dry run', () => {
  const requests = [
    {
      method: 'PUT',
      url: 'https://api.example/v1/images/1?sig=hunter2',
      headers: {},
      body: { json: { description: 'new' } },
    },
    { method: 'DELETE', url: 'https://api.example/v1/images/1', headers: {}, body: null },
  ] as const
  const dry = (held: (typeof requests)[number][]): Stage => {
    const refusing = () => TE.left(rejected(createErrorSite(CLOUD, 'update'), { what: 'not sent' }))
    const made = stage({}, { update: refusing, delete: refusing })
    return { ...made, live: { ...made.live, takeHeld: () => held.splice(0) } }
  }

  it('prints the requests without secrets', async () => {
    const { live } = dry([requests[0]])
    expect(await set(['prod:1'], { ...TABLE, setDescription: 'new' }, live)).toBe(0)
    expect(live.output.text()).toBe(
      'hetzner/prod: would send\n  PUT https://api.example/v1/images/1?sig=***\n  {\n    "description": "new"\n  }\n',
    )
  })

  it('prints JSON, and delete does not ask', async () => {
    const { live } = dry([requests[1]])
    expect(await remove(['prod:1'], { ...JSON_OUTPUT, dryRun: true }, live, null)).toBe(0)
    expect(readDocument(live, 'requests')).toEqual({
      $schema: 'urn:imago:schema:requests:1',
      requests: [{ ...CLOUD, ...requests[1] }],
    })
  })

  it('reports an error before the first intercepted request', async () => {
    const { live } = dry([])
    expect(await set(['prod:1'], { ...TABLE, setDescription: 'new' }, live)).toBe(1)
  })
})

describe('output of changed images', () => {
  it('prints IDs, values and columns', async () => {
    const changed = async (options: object): Promise<string> => {
      const { live } = stage()
      expect(await set(['prod:1', 'prod:2'], { ...TABLE, setDescription: 'new', ...options }, live)).toBe(0)
      return live.output.text()
    }
    expect(await changed({ quiet: true })).toBe('1\n2\n')
    expect(await changed({ output: 'value', columns: 'id,description' })).toBe('1\tnew\n2\tnew\n')
    expect(await changed({ columns: 'id', header: false, sort: 'id:desc' })).toBe('2\n1\n')
  })

  it('prints the requests of a dry run as rows, without IDs', async () => {
    const held = {
      method: 'PUT' as const,
      url: 'https://api.example/v1/images/1?sig=hunter2',
      headers: {},
      body: { json: { description: 'new' } },
    }
    const dry = (): Stage['live'] => ({ ...stage().live, takeHeld: () => [held] })
    const live = dry()
    expect(await set(['prod:1'], { output: 'value', setDescription: 'new', columns: 'method,url,body' }, live)).toBe(0)
    expect(live.output.text()).toBe('PUT\thttps://api.example/v1/images/1?sig=***\t{"description":"new"}\n')
    const asked = dry()
    expect(
      (await problem(() => set(['prod:1'], { ...TABLE, setDescription: 'new', quiet: true }, asked))).exitCode,
    ).toBe(2)
    expect(
      (await problem(() => set(['prod:1'], { ...TABLE, setDescription: 'new', columns: 'id' }, asked))).message,
    ).toMatch(/\(one of: cloud, method, url, body\)/)
  })

  it('refuses invalid output options before any change', async () => {
    const { live, source } = stage()
    expect(
      (await problem(() => set(['prod:1'], { ...JSON_OUTPUT, setDescription: 'new', columns: 'id' }, live))).exitCode,
    ).toBe(2)
    expect(await findImage(source, '1')).toMatchObject({ description: null })
  })
})
