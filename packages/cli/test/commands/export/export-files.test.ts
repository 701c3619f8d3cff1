import { describe, expect, it } from '@jest/globals'
import { parseStoreTarget, readStore } from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import { readers } from 'imago'
import { readFileSync } from 'node:fs'
import { exportFiles } from '../../../src/commands/export/export-files.ts'
import type { ExportOptions } from '../../../src/commands/export/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { memoryOutput } from '../../memory-output.ts'
import { glance, hetzner } from '../../records.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()

const run = async (target: string, from: readonly string[], options: Partial<ExportOptions> = {}) => {
  const output = memoryOutput()
  const messages = memoryOutput()
  const code = await exportFiles(target, [], { ...options, from } as ExportOptions, { output, messages, readers })
  return { code, output: output.lines(), messages: messages.lines() }
}

const storedIds = async (file: string): Promise<Readonly<Record<string, readonly string[]>>> => {
  const target = parseStoreTarget(file)
  if (E.isLeft(target)) throw new Error(target.left.what)
  const observation = await readStore(target.right)
  if (E.isLeft(observation)) throw new Error(observation.left.what)
  return Object.fromEntries(
    observation.right.clouds.map(({ cloud, images }) => [cloud.provider, images.items.map(({ ref }) => ref.id)]),
  )
}

const save = (name: string, ...records: readonly unknown[]): string =>
  folder.file(name, JSON.stringify({ images: records }))

describe('export of saved images', () => {
  it('stores the images of several clouds in one run', async () => {
    const target = folder.path('several.db')
    const file = folder.file(
      'both.ndjson',
      `${JSON.stringify(hetzner({ id: 1 }))}\n${JSON.stringify(glance({ id: 'a' }))}\n`,
    )
    const { code, output } = await run(target, [file])
    expect(code).toBe(EXIT.done)
    expect(output).toEqual(['2 images: 2 new, 0 changed, 0 missing'])
    expect(await storedIds(target)).toEqual({ hetzner: ['1'], openstack: ['a'] })
  })

  it('marks images as missing only with --complete', async () => {
    const target = folder.path('complete.db')
    const first = save('first.json', hetzner({ id: 1 }), hetzner({ id: 2 }))
    const second = save('second.json', hetzner({ id: 2 }))
    await run(target, [first], { at: '2026-11-01' })
    await run(target, [second], { at: '2026-11-02' })
    expect(await storedIds(target)).toEqual({ hetzner: ['1', '2'] })
    await run(target, [second], { at: '2026-11-03', complete: true })
    expect(await storedIds(target)).toEqual({ hetzner: ['2'] })
  })

  it('marks no image as missing if a record was rejected', async () => {
    const target = folder.path('rejected.db')
    await run(target, [save('whole.json', hetzner({ id: 1 }), hetzner({ id: 2 }))], { at: '2026-11-01' })
    const broken = save('broken.json', hetzner({ id: 2 }), { ...hetzner(), id: null })
    expect((await run(target, [broken], { at: '2026-11-02', complete: true })).code).toBe(EXIT.findings)
    expect(await storedIds(target)).toEqual({ hetzner: ['1', '2'] })
  })

  it('stores only selected images', async () => {
    const target = folder.path('selected.db')
    const file = save('select.json', hetzner({ id: 1, name: 'a' }), hetzner({ id: 2, name: 'b' }))
    await run(target, [file], { name: 'b' })
    expect(await storedIds(target)).toEqual({ hetzner: ['2'] })
  })

  it.each([['db'], ['parquet']])('keeps an earlier export to a .%s file if no image can be read', async (extension) => {
    const target = folder.path(`kept.${extension}`)
    await run(target, [save('kept.json', hetzner({ id: 1 }))], { at: '2026-11-01' })
    const before = readFileSync(target)
    await expect(run(target, [folder.path('missing.json')])).rejects.toMatchObject({
      message: `no image could be read: nothing was stored in ${target}`,
      exitCode: EXIT.error,
    })
    expect(readFileSync(target).equals(before)).toBe(true)
  })

  it.each([[{ mine: true }], [{ usage: true }]])('refuses %j, which needs clouds', async (options) => {
    await expect(run(folder.path('x.db'), ['x.json'], options)).rejects.toMatchObject({ exitCode: EXIT.usage })
  })
})
