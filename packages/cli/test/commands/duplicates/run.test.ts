import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { bareImage, createMemorySource } from '@imago/testkit'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { duplicates } from '../../../src/commands/duplicates/run.ts'
import type { DuplicatesOptions } from '../../../src/commands/duplicates/options.ts'
import { hetznerCloud, memoryLive } from '../../live.ts'

const image = (id: string, digest: string): Image =>
  bareImage(id, {
    digests: [{ algorithm: 'sha512', value: digest, of: 'stored', assertedBy: 'provider' }],
    size: { stored: 5e9 },
    createdAt: `2026-01-0${id}T00:00:00Z`,
    kind: 'snapshot',
  })

const run = async (
  options: Partial<DuplicatesOptions> = {},
  isTerminal = false,
  images = [image('2', 'aa'), image('1', 'aa'), image('3', 'bb')],
) => {
  const live = memoryLive({
    clouds: [hetznerCloud('prod')],
    open: (target: ProviderCloud) => createMemorySource({ images, cloud: toIdentity(target) }),
    isTerminal,
  })
  await duplicates([], { output: 'table', ...options }, live, {}, null)
  return { output: live.output.text(), messages: live.messages.text() }
}

describe('duplicates', () => {
  it('lists the images of each group by age, with their cost', async () => {
    expect((await run({ output: 'csv', columns: 'group,evidence,id,size,cost' })).output).toBe(
      'group,evidence,id,size,cost\n1,proven,1,5000000000,0.05 EUR\n1,proven,2,5000000000,0.05 EUR\n',
    )
  })

  it('reports the cost saved by keeping one image of each group', async () => {
    expect((await run({}, true)).messages).toContain(
      '1 group of duplicates among 3 images; keeping only the oldest image of each group would save 0.05 EUR a month net',
    )
  })

  it('reports that there are no duplicates, even without a terminal', async () => {
    expect(await run({}, false, [image('1', 'aa'), image('3', 'bb')])).toEqual({
      output: '',
      messages: 'no duplicates found among 2 images\n',
    })
  })

  it.each([[{ quiet: true }], [{ output: 'csv' as const, columns: 'id' }]])(
    'prints no message about that with %j',
    async (options) => {
      expect((await run(options, false, [image('1', 'aa')])).messages).toBe('')
    },
  )

  it('prints documents of its schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    const { output } = await run({ output: 'json' })
    ajv.validate('urn:imago:schema:duplicates:1', JSON.parse(output))
    expect(ajv.errors ?? []).toEqual([])
  })
})
