import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { bareImage, createMemorySource } from '@imago/testkit'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { diff } from '../../../src/commands/diff/run.ts'
import type { DiffOptions } from '../../../src/commands/diff/options.ts'
import { exportClouds } from '../../../src/commands/export/export-clouds.ts'
import type { ExportOptions } from '../../../src/commands/export/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, sourceAmong } from '../../live.ts'
import { glance } from '../../records.ts'
import { temporaryFolder } from '../../temporary.ts'

const of =
  (...images: readonly Image[]) =>
  (target: ProviderCloud): ImageSource =>
    createMemorySource({ images, cloud: toIdentity(target) })

const digests = (value: string): Image['digests'] => [
  { algorithm: 'sha512', value, of: 'stored', assertedBy: 'provider' },
]

const broken = (target: ProviderCloud): ImageSource => ({
  ...of()(target),
  listPage: () => TE.left(unavailable(createErrorSite(toIdentity(target), 'listPage'), { what: 'cut off' })),
})

const run = async (before: string, after: string, options: Partial<DiffOptions> = {}) => {
  const live = memoryLive({
    clouds: ['prod', 'demo', 'empty', 'broken'].map(hetznerCloud),
    open: sourceAmong({
      prod: of(
        bareImage('1', { name: 'a', digests: digests('aa'), os: { distro: 'debian' } }),
        bareImage('2', { name: 'b', digests: digests('bb') }),
      ),
      demo: of(bareImage('9', { name: 'a2', digests: digests('aa'), os: { distro: 'ubuntu' } })),
      empty: of(),
      broken,
    }),
  })
  const code = await diff({ before, after }, { output: 'value', columns: 'sign,id,changes', ...options }, live)
  return { code, output: live.output.text(), messages: live.messages.text() }
}

const folder = temporaryFolder()

describe('diff', () => {
  it('ends with 0 and prints nothing if nothing differs', async () => {
    expect(await run('prod', 'prod')).toMatchObject({ code: EXIT.done, output: '' })
  })

  it('prints unchanged images with --all', async () => {
    expect((await run('prod', 'prod', { all: true })).output).toBe('=\t1\t\n=\t2\t\n')
  })

  it('ends with 1 if images differ', async () => {
    expect(await run('prod', 'empty')).toMatchObject({ code: EXIT.error, output: '-\t1\t\n-\t2\t\n' })
  })

  it('compares two clouds by content', async () => {
    expect((await run('prod', 'demo', { matchBy: 'content' })).output).toBe(
      '~\t9\tname: a → a2; os.distro: debian → ubuntu\n-\t2\t\n',
    )
  })

  it('reports a selected image that was renamed in a file as changed', async () => {
    const before = folder.file('before.json', JSON.stringify([glance({ name: 'golden-1' })]))
    const after = folder.file('after.json', JSON.stringify([glance({ name: 'old-1' })]))
    expect((await run(before, after, { name: ['golden-1'], columns: 'sign,changes' })).output).toBe(
      '~\tname: golden-1 → old-1\n',
    )
  })

  it('reports an image that a cloud no longer selects as changed', async () => {
    expect((await run('prod', 'demo', { matchBy: 'content', name: ['a'] })).output).toBe(
      '~\t9\tname: a → a2; os.distro: debian → ubuntu\n',
    )
  })

  it('reports no image as removed from a cloud that could not be read', async () => {
    const { code, output, messages } = await run('prod', 'broken')
    expect(output).toBe(
      '?\t1\tnot in the second list, which is incomplete\n?\t2\tnot in the second list, which is incomplete\n',
    )
    expect(messages).toContain('cut off')
    expect(code).toBe(EXIT.error)
  })

  it('refuses a file from which no image can be read', async () => {
    const file = folder.file('text.ndjson', 'not JSON\n')
    await expect(run(file, 'prod')).rejects.toMatchObject({
      message: `no image could be read from ${file}`,
      exitCode: EXIT.error,
    })
  })

  it('compares a saved dump with a cloud', async () => {
    const file = folder.file(
      'dump.json',
      JSON.stringify({ images: [{ id: 1, name: 'a', type: 'snapshot', status: 'available', os_flavor: 'debian' }] }),
    )
    const { output } = await run(file, 'empty')
    expect(output).toBe('-\t1\t\n')
  })

  it('compares two points in time of a store', async () => {
    const file = folder.path('inventory.db')
    const exportAt = async (at: string, ...images: readonly Image[]): Promise<void> => {
      const live = memoryLive({ clouds: [hetznerCloud('prod')], open: sourceAmong({ prod: of(...images) }) })
      await exportClouds(file, [], { at } as ExportOptions, live)
    }
    await exportAt('2026-10-01T00:00:00Z', bareImage('1', { name: 'a' }), bareImage('2'))
    await exportAt('2026-11-01T00:00:00Z', bareImage('1', { name: 'b' }), bareImage('3'))
    const { code, output } = await run(`${file}@2026-10-15`, file)
    expect(output).toBe('~\t1\tname: a → b\n-\t2\t\n+\t3\t\n')
    expect(code).toBe(EXIT.error)
  })

  it('ends with an error if a store does not exist', async () => {
    await expect(run(folder.path('nowhere.db'), 'prod')).rejects.toThrow('cannot read')
  })

  it('ends with an error if a cloud is unknown', async () => {
    await expect(run('prod', 'nowhere')).rejects.toThrow('nowhere')
  })

  it('ends with an error if a file does not exist', async () => {
    await expect(run('nope.json', 'prod')).rejects.toThrow(/^cloud or file not found: nope\.json\. Configured clouds: /)
  })

  it('ends with an error if the time of a store is invalid', async () => {
    await expect(run('h.db@foo', 'prod')).rejects.toThrow(
      'cannot read h.db@foo: invalid time "foo". Use a date such as 2026-11-01, or a time such as 2026-11-01T03:00:00Z',
    )
  })

  it('prints documents of its schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    for (const after of ['demo', 'broken', 'empty']) {
      const { output } = await run('prod', after, { output: 'json', columns: undefined, all: true })
      ajv.validate('urn:imago:schema:diff:1', JSON.parse(output))
      expect(ajv.errors ?? []).toEqual([])
    }
  })
})
