import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { bareImage, createMemorySource } from '@imago/testkit'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { remove } from '../../src/commands/delete/run.ts'
import type { DeleteOptions } from '../../src/commands/delete/options.ts'
import { set } from '../../src/commands/set/run.ts'
import { flip } from '../../src/commands/switch/run.ts'
import { Problem } from '../../src/problem.ts'
import type { ChangedImagesOptions } from '../../src/options/selection.ts'
import { chooseImages } from '../../src/writing/choose-images.ts'
import type { WriteContext } from '../../src/writing/write-context.ts'
import { hetznerCloud, memoryLive, sourceAmong, type MemoryLive } from '../live.ts'

const IMAGES: readonly Image[] = [
  bareImage('1', { name: 'web', labels: { role: 'web' } }),
  bareImage('2', { name: 'db', labels: { role: 'db' } }),
  bareImage('3', { name: 'web', labels: { role: 'web' }, architecture: 'aarch64' }),
  bareImage('4', { name: 'old', hidden: true }),
]

const down = (target: ProviderCloud): ImageSource => ({
  ...createMemorySource({ images: [], cloud: toIdentity(target) }),
  listPage: () => TE.left(unavailable(createErrorSite(toIdentity(target), 'listPage'), { what: 'no connection' })),
})

const createContext = (...clouds: readonly string[]): MemoryLive & WriteContext => {
  const sources = new Map<string, ImageSource>()
  const memory = (target: ProviderCloud): ImageSource => {
    const key = target.name
    const source = sources.get(key) ?? createMemorySource({ images: IMAGES, cloud: toIdentity(target) })
    sources.set(key, source)
    return source
  }
  return {
    ...memoryLive({ clouds: clouds.map(hetznerCloud), open: sourceAmong({ a: memory, b: memory, down }) }),
    takeHeld: null,
  }
}

const choose = async (words: readonly string[], options: ChangedImagesOptions, ...clouds: readonly string[]) => {
  const images = await chooseImages(createContext(...clouds), words, options)
  return images.map(({ image }) => `${image.ref.cloud}:${image.ref.id}`)
}

describe('chooseImages', () => {
  it('returns all images of all clouds that the options select', async () => {
    expect(await choose([], { label: ['role=web'] }, 'a', 'b')).toEqual(['a:1', 'a:3', 'b:1', 'b:3'])
  })

  it('returns only images of the chosen clouds', async () => {
    expect(await choose([], { cloud: ['b'], label: ['role=db'] }, 'a', 'b')).toEqual(['b:2'])
  })

  it('takes the architecture of a named image', async () => {
    expect(await choose(['a:web'], { arch: 'arm64' }, 'a')).toEqual(['a:3'])
  })

  it.each<[readonly string[], ChangedImagesOptions, string]>([
    [
      [],
      {},
      'no image selected. Name images as [provider/]cloud[@region]:image, or select them with --name, --label, --older-than …',
    ],
    [
      [],
      { cloud: ['a'] },
      'no image selected. Name images as [provider/]cloud[@region]:image, or select them with --name, --label, --older-than …',
    ],
    [['a:web'], { label: ['role=web'] }, 'name images or select them by options, not both'],
    [['a:web'], { cloud: ['a'] }, 'name images or select them by options, not both'],
    [[], { label: ['role=none'] }, 'no image matches the selection. Check the options that select images'],
  ])('refuses %j with %j', async (words, options, message) => {
    await expect(choose(words, options, 'a')).rejects.toThrow(new Problem(message))
  })

  it('fails if one of the clouds cannot be listed', async () => {
    await expect(choose([], { label: ['role=web'] }, 'a', 'down')).rejects.toThrow('no connection')
  })
})

describe('commands that change images', () => {
  it('set every selected image', async () => {
    const context = createContext('a')
    expect(await set([], { output: 'table', label: ['role=web'], setLabel: ['keep=yes'] }, context)).toBe(0)
    expect(context.output.lines()).toEqual(['hetzner/a:id:1 (web): labels set', 'hetzner/a:id:3 (web): labels set'])
  })

  it('unhide selected hidden images', async () => {
    const context = createContext('a')
    expect(await flip('unhide', [], { output: 'table', name: ['old'] }, context)).toBe(0)
    expect(context.output.lines()).toEqual(['hetzner/a:id:4 (old) is no longer hidden'])
  })

  it('list, count and ask before they delete selected images', async () => {
    const context = createContext('a')
    const questions: string[] = []
    const options: DeleteOptions = { output: 'table', label: ['role=web'] }
    const code = await remove([], options, context, (question) => {
      questions.push(question)
      return Promise.resolve(false)
    })
    expect(context.messages.text()).toContain('hetzner/a:id:1 (web)\n  hetzner/a:id:3 (web)\n')
    expect(questions).toEqual(['Delete these 2 images?'])
    expect(code).toBe(1)
  })
})
