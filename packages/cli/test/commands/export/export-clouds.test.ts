import { describe, expect, it } from '@jest/globals'
import { aborted, createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { parseStoreTarget, readStore } from '@imago/store'
import { bareImage, createMemorySource, type MemorySourceOptions } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { exportClouds } from '../../../src/commands/export/export-clouds.ts'
import type { ExportOptions } from '../../../src/commands/export/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, sourceAmong, type MemoryLiveOptions } from '../../live.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()

const MONDAY = '2026-11-02T03:00:00Z'
const TUESDAY = '2026-11-03T03:00:00Z'

const createSource =
  (options: MemorySourceOptions) =>
  (target: ProviderCloud): ImageSource =>
    createMemorySource({ ...options, cloud: toIdentity(target) })

const images = (...names: readonly string[]): readonly Image[] => names.map((name) => bareImage(name, { name }))

const failing = (target: ProviderCloud): ImageSource => {
  const source = createMemorySource({ images: [], cloud: toIdentity(target) })
  const error = unavailable(createErrorSite(source.cloud, 'listPage'), { what: 'HTTP 503' })
  return { ...source, listPage: () => TE.left(error) }
}

const run = async (file: string, options: Partial<ExportOptions>, where: MemoryLiveOptions, names: string[] = []) => {
  const live = memoryLive(where)
  const code = await exportClouds(file, names, options as ExportOptions, live)
  return { code, output: live.output.lines(), messages: live.messages.lines() }
}

/** `cloud: image, image` of each cloud in a store, and its completeness. */
const stored = async (file: string): Promise<readonly string[]> => {
  const target = parseStoreTarget(file)
  if (E.isLeft(target)) throw new Error(target.left.what)
  const observation = await readStore(target.right)
  if (E.isLeft(observation)) throw new Error(observation.left.what)
  return observation.right.clouds.map(
    ({ cloud, images: { items, completeness } }) =>
      `${cloud.cloud} ${completeness}: ${items.map(({ name }) => name).join(', ')}`,
  )
}

const two = [hetznerCloud('a'), hetznerCloud('b')]

describe('export of clouds', () => {
  it('stores the images of all clouds, and prints what changed', async () => {
    const file = folder.path('all.db')
    const where = (...first: readonly string[]) => ({
      clouds: two,
      open: sourceAmong({ a: createSource({ images: images(...first) }), b: createSource({ images: images('3') }) }),
    })
    const monday = await run(file, { at: MONDAY }, where('1', '2'))
    const tuesday = await run(file, { at: TUESDAY }, where('2'))
    expect(monday).toEqual({
      code: EXIT.done,
      output: ['hetzner/a: 2 images: 2 new, 0 changed, 0 missing', 'hetzner/b: 1 image: 1 new, 0 changed, 0 missing'],
      messages: [],
    })
    expect(tuesday.output[0]).toBe('hetzner/a: 1 image: 0 new, 0 changed, 1 missing')
    expect(await stored(file)).toEqual(['a read: 2', 'b read: 3'])
  })

  it('records a cloud that failed as incomplete, and keeps its images', async () => {
    const file = folder.path('failed.db')
    const where = (a: typeof failing) => ({
      clouds: two,
      open: sourceAmong({ a, b: createSource({ images: images('3') }) }),
    })
    await run(file, { at: MONDAY }, where(createSource({ images: images('1') })))
    const { code, output, messages } = await run(file, { at: TUESDAY }, where(failing))
    expect(code).toBe(EXIT.temporary)
    expect(output[0]).toBe('hetzner/a: 0 images: 0 new, 0 changed, 0 missing (incomplete)')
    expect(messages.join()).toContain('HTTP 503')
    expect(await stored(file)).toEqual(['a failed: 1', 'b read: 3'])
  })

  it('keeps an earlier Parquet file if no cloud can be listed', async () => {
    const file = folder.path('kept.parquet')
    await run(file, {}, { clouds: two, open: createSource({ images: images('1') }) })
    const before = readFileSync(file)
    const { code, messages } = await run(file, {}, { clouds: two, open: failing })
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(messages).toContain(`imago: no image could be read: nothing was stored in ${file}`)
    expect(code).toBe(EXIT.temporary)
  })

  it('does not mark images outside of the selection as missing', async () => {
    const file = folder.path('selected.db')
    const where = { clouds: [hetznerCloud('a')], open: createSource({ images: images('1', '2') }) }
    await run(file, { at: MONDAY }, where)
    await run(file, { at: TUESDAY, name: '2' }, where)
    expect(await stored(file)).toEqual(['a failed: 1, 2'])
  })

  it('stores hidden images, and does not mark them as missing', async () => {
    const file = folder.path('hidden.db')
    const where = (isHidden: boolean) => ({
      clouds: [hetznerCloud('a')],
      open: createSource({ images: [bareImage('1', { name: '1', hidden: isHidden })] }),
    })
    await run(file, { at: MONDAY }, where(false))
    const { output } = await run(file, { at: TUESDAY }, where(true))
    expect(output).toEqual(['hetzner/a: 1 image: 0 new, 1 changed, 0 missing'])
  })

  it('stores nothing of a cloud whose listing was interrupted', async () => {
    const controller = new AbortController()
    const interrupted = (target: ProviderCloud): ImageSource => {
      const source = createMemorySource({ images: images('2'), cloud: toIdentity(target) })
      return {
        ...source,
        listPage: () => async () => {
          controller.abort()
          return E.left(aborted(createErrorSite(source.cloud, 'listPage')))
        },
      }
    }
    const file = folder.path('interrupted.parquet')
    const where = { clouds: [hetznerCloud('a')], open: interrupted, signal: controller.signal }
    expect((await run(file, {}, where)).code).toBe(EXIT.interrupted)
    expect(existsSync(file)).toBe(false)
    expect(readdirSync(dirname(file)).filter((name) => name.includes('interrupted'))).toEqual([])
  })

  it('masks secrets in URLs by default', async () => {
    const url = 'https://user:hunter2@host/disk.qcow2'
    const origin = { relation: 'imported-from', kind: 'url', id: null, name: null, url } as const
    const where = {
      clouds: [hetznerCloud('a')],
      open: createSource({ images: [bareImage('1', { origins: [origin] })] }),
    }
    const originIn = async (file: string): Promise<string | undefined> => {
      const target = parseStoreTarget(file)
      if (E.isLeft(target)) return undefined
      const observation = await readStore(target.right)
      return E.isLeft(observation)
        ? undefined
        : (observation.right.clouds[0]?.images.items[0]?.origins[0]?.url ?? undefined)
    }
    await run(folder.path('masked.db'), { at: MONDAY }, where)
    await run(folder.path('plain.db'), { at: MONDAY, showSecrets: true }, where)
    expect(await originIn(folder.path('masked.db'))).toBe('https://***@host/disk.qcow2')
    expect(await originIn(folder.path('plain.db'))).toBe(url)
  })

  it.each([
    ['inventory.xls', {}, EXIT.usage, 'unknown format'],
    ['inventory.db', { at: 'yesterday' }, EXIT.usage, '--at: invalid value'],
    ['inventory.db', { at: '2027-01-01' }, EXIT.usage, 'is in the future'],
    [
      'postgres://imago:hunter2@127.0.0.1:1/x',
      {},
      EXIT.error,
      'postgres://imago:***@127.0.0.1:1/x: connection refused',
    ],
  ])('refuses %s', async (target, options, exitCode, message) => {
    const where = { clouds: [hetznerCloud('a')], open: createSource({ images: [] }) }
    const file = target.startsWith('postgres') ? target : folder.path(target)
    await expect(run(file, options, where)).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(message),
    })
    await expect(run(file, options, where)).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') })
  })

  it('refuses a run that is older than the last one', async () => {
    const where = { clouds: [hetznerCloud('a')], open: createSource({ images: images('1') }) }
    const file = folder.path('order.db')
    await run(file, { at: TUESDAY }, where)
    await expect(run(file, { at: MONDAY }, where)).rejects.toMatchObject({
      message: expect.stringContaining('hetzner/a already has a run at 2026-11-03T03:00:00Z'),
    })
  })
})
