import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { schemas } from '@imago/schema-image'
import { bareImage, createMemorySource } from '@imago/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { UsageOptions } from '../../../src/commands/usage/options.ts'
import { usage } from '../../../src/commands/usage/run.ts'
import { hetznerCloud, memoryLive } from '../../live.ts'

const image = (id: string, name: string): Image =>
  bareImage(id, { name, kind: 'snapshot', visibility: 'private', size: { stored: 5e9 } })

const memory = (target: ProviderCloud): ImageSource =>
  createMemorySource({
    cloud: toIdentity(target),
    images: [image('1', 'base'), image('2', 'spare'), { ...image('3', 'old'), hidden: true }],
    users: [
      { image: '1', by: { kind: 'server', id: 's-1', name: 'web-1' }, dependsOn: false },
      { image: '1', by: { kind: 'volume', id: 'v-1', name: null }, dependsOn: false },
    ],
  })

const withoutUsage = (target: ProviderCloud): ImageSource => {
  const source = memory(target)
  const error = unavailable(createErrorSite(source.cloud, 'usage'), { what: 'no answer' })
  return { ...source, usage: () => TE.left(error) }
}

const run = async (
  targets: readonly string[],
  options: Partial<UsageOptions> = {},
  open: (target: ProviderCloud) => ImageSource = memory,
) => {
  const live = memoryLive({ clouds: [hetznerCloud('prod')], open, isTerminal: true })
  const exitCode = await usage(targets, { output: 'csv', columns: 'name,usage,userKind,user,cost', ...options }, live)
  return { exitCode, output: live.output.text(), messages: live.messages.text() }
}

const HEADER = 'name,usage,userKind,user,cost\n'

describe('usage', () => {
  it('lists a row for each user of an image, and one for an image without users', async () => {
    expect(await run(['prod'])).toMatchObject({
      exitCode: 0,
      output: `${HEADER}base,used,server,web-1,0.05 EUR\nbase,used,volume,v-1,0.05 EUR\nspare,unused,,,0.05 EUR\n`,
      messages: expect.stringContaining('2 images: 1 used, 1 unused, 0 unknown'),
    })
  })

  it.each([
    { options: { used: true }, output: 'base,used,server,web-1,0.05 EUR\nbase,used,volume,v-1,0.05 EUR\n' },
    { options: { unused: true }, output: 'spare,unused,,,0.05 EUR\n' },
    { options: { name: 'spare' }, output: 'spare,unused,,,0.05 EUR\n' },
  ])('selects images: $options', async ({ options, output }) => {
    expect((await run([], options)).output).toBe(HEADER + output)
  })

  it.each(['prod:spare', 'prod:2', 'prod:id:2', 'hetzner/prod:name:spare'])('accepts an image: %s', async (target) => {
    expect((await run([target])).output).toBe(`${HEADER}spare,unused,,,0.05 EUR\n`)
  })

  it('shows a hidden image that is named', async () => {
    for (const target of ['prod:old', 'prod:id:3'])
      expect((await run([target])).output).toBe(`${HEADER}old,unused,,,0.05 EUR\n`)
  })

  describe('with a server of a deleted image', () => {
    const withDeleted = (target: ProviderCloud): ImageSource =>
      createMemorySource({
        cloud: toIdentity(target),
        images: [image('1', 'base')],
        users: [{ image: 'gone', by: { kind: 'server', id: 's-9', name: 'web-9' }, dependsOn: false }],
      })

    it('shows the image that is named by its ID', async () => {
      expect((await run(['prod:id:gone'], {}, withDeleted)).output).toBe(`${HEADER},used,server,web-9,\n`)
    })

    it('reports the image below the list', async () => {
      const { output, messages } = await run(['prod'], {}, withDeleted)
      expect(output).toBe(`${HEADER}base,unused,,,0.05 EUR\n`)
      expect(messages).toBe(
        [
          '1 image: 0 used, 1 unused, 0 unknown',
          '1 image in use but not listed: deleted, or not visible with these credentials',
          '  hetzner/prod:id:gone: server web-9\n',
        ].join('\n'),
      )
    })

    it('prints the image in documents', async () => {
      const { output } = await run([], { output: 'json', columns: undefined }, withDeleted)
      expect((JSON.parse(output) as { readonly unlisted: unknown }).unlisted).toMatchObject([
        { ref: { id: 'gone' }, usage: { state: 'used', usedBy: [{ kind: 'server', id: 's-9' }] } },
      ])
    })
  })

  it('ends with 3 if an image is not found', async () => {
    await expect(run(['prod:golden'])).rejects.toMatchObject({
      message: 'image not found: prod:golden. Check the ID or name, the project and the region',
      exitCode: 3,
    })
  })

  it('lists no image as unused if usage could not be read, reports why, and ends with 1', async () => {
    const { exitCode, output, messages } = await run(['prod'], { unused: true }, withoutUsage)
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: HEADER })
    expect(messages).toContain('no answer')
  })

  it('prints documents of its schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    for (const open of [memory, withoutUsage]) {
      const { output } = await run([], { output: 'json', columns: undefined }, open)
      ajv.validate('urn:imago:schema:usage:1', JSON.parse(output))
      expect(ajv.errors ?? []).toEqual([])
    }
  })
})
