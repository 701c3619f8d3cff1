import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type ImageSource, type ServerSummary } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { createMemorySource } from '@imago/testkit'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { servers } from '../../../src/commands/servers/run.ts'
import type { ServersOptions } from '../../../src/commands/servers/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, sourceAmong } from '../../live.ts'

const SERVERS: readonly ServerSummary[] = [
  { id: '7', name: 'web-1', status: 'running', labels: { role: 'web', env: 'prod' } },
  { id: '8', name: 'db-1', status: 'off', labels: { role: 'db' } },
]

const prod = (target: ProviderCloud): ImageSource => ({
  ...createMemorySource({ images: [], cloud: toIdentity(target) }),
  servers: () => TE.right(SERVERS),
})

const down = (target: ProviderCloud): ImageSource => ({
  ...createMemorySource({ images: [], cloud: toIdentity(target) }),
  servers: () => TE.left(unavailable(createErrorSite(toIdentity(target), 'servers'), { what: 'no connection' })),
})

const run = async (options: Partial<ServersOptions> = {}, clouds = ['prod']) => {
  const live = memoryLive({ clouds: clouds.map(hetznerCloud), open: sourceAmong({ prod, down }) })
  const code = await servers([], { output: 'csv', ...options }, live)
  return { code, output: live.output.text(), messages: live.messages.text() }
}

describe('servers', () => {
  it('lists the servers of all clouds with their labels', async () => {
    expect((await run()).output).toBe(
      'cloud,id,name,status,labels,region,provider\nprod,7,web-1,running,"role=web, env=prod",,hetzner\nprod,8,db-1,off,role=db,,hetzner\n',
    )
  })

  it.each<[Partial<ServersOptions>, string]>([
    [{ label: ['role=web'] }, '7\n'],
    [{ label: ['role=web', 'role=db'] }, '7\n8\n'],
    [{ label: ['role=web,env!=prod'] }, ''],
    [{ name: ['db-1'] }, '8\n'],
  ])('selects by %j', async (options, ids) => {
    expect((await run({ ...options, output: 'value', columns: 'id' })).output).toBe(ids)
  })

  it('reports a cloud that fails, and lists the others', async () => {
    const { code, output, messages } = await run({ output: 'value', columns: 'id' }, ['prod', 'down'])
    expect(output).toBe('7\n8\n')
    expect(messages).toContain('no connection')
    expect(code).toBe(EXIT.temporary)
  })

  it('prints documents of its schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    ajv.validate('urn:imago:schema:servers:1', JSON.parse((await run({ output: 'json' })).output))
    expect(ajv.errors ?? []).toEqual([])
  })
})
