import { describe, expect, test } from '@jest/globals'
import { bytesOf, type Image, type ImageSource, type Page } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { bareImage } from '../src/bare-image.ts'
import { createMemorySource, type MemorySourceOptions } from '../src/memory-source.ts'
import { imageSourceSuite, SOURCE_CHECKS, type Subject } from '../src/source-suite.ts'

const images: readonly Image[] = [
  { ...bareImage('one', { name: 'Ubuntu', architecture: 'x86_64', status: 'available', visibility: 'public', kind: 'system', createdAt: '2024-01-01T00:00:00Z', tags: ['lts'] }), os: { family: 'linux', distro: 'ubuntu', version: '24.04', defaultUser: null } },
  bareImage('two', { name: 'Debian', owner: 'me', labels: { team: 'web' }, hidden: true, createdAt: '2025-01-01T00:00:00Z', deprecatedAt: '2025-06-01T00:00:00Z' }),
  bareImage('three', { name: 'Ubuntu', architecture: 'aarch64', status: 'pending', visibility: 'private', kind: 'snapshot', hidden: false }),
]

const ALL_FILTERS = ['distro', 'version', 'architecture', 'status', 'visibility', 'kind', 'name', 'owner', 'labels', 'tags', 'olderThan', 'deprecated', 'hidden', 'text'] as const
const FILTER_CHECKS = ALL_FILTERS.map((filter) => `filters by ${filter} if that is declared, and not at all if not`)

const WRITES = ['update', 'remove', 'protect', 'hide', 'deactivate', 'setVisibility', 'create', 'upload', 'download'] as const

const subjectOf = (options: MemorySourceOptions, wrap: (source: ImageSource) => ImageSource = (source) => source): Subject => {
  const make = (): ImageSource => wrap(createMemorySource({ images, pageSize: 2, ...options }))
  return { make, capabilities: make().capabilities }
}

/** The variants that must pass: they run here as they would in an adapter's own test. */
describe('the suite, over a memory source that', () => {
  describe('does everything, and filters nothing', () => imageSourceSuite({ describe, test }, subjectOf({})))
  describe('filters everything, and knows its pages ahead', () => imageSourceSuite({ describe, test }, subjectOf({ filters: ALL_FILTERS, ahead: true })))
  describe('only reads', () => imageSourceSuite({ describe, test }, subjectOf({ without: WRITES })))
  describe('changes little, and makes nothing', () =>
    imageSourceSuite({ describe, test }, { ...subjectOf({ without: ['create', 'upload', 'deactivate'], changes: ['labels'] }), disposable: async () => 'one' }))
})

/** Runs the suite with a runner of its own; gives the names of the tests, and of those that failed. */
const outcome = async (subject: Subject): Promise<{ readonly names: readonly string[]; readonly failed: readonly string[] }> => {
  const tests: [string, () => Promise<void>][] = []
  imageSourceSuite({ describe: (_, body) => body(), test: (name, body) => tests.push([name, body]) }, subject)
  const failed: string[] = []
  for (const [name, body] of tests) await body().catch(() => failed.push(name))
  return { names: tests.map(([name]) => name), failed }
}

/** Every page of a source, changed. */
const onPages =
  (change: (page: Page, source: ImageSource) => Page) =>
  (source: ImageSource): ImageSource => ({
    ...source,
    listPage: (...args) =>
      pipe(
        source.listPage(...args),
        TE.map((page) => change(page, source)),
      ),
  })

const overriding =
  (methods: (source: Required<ImageSource>) => Partial<ImageSource>) =>
  (source: ImageSource): ImageSource => ({ ...source, ...methods(source as Required<ImageSource>) })

describe('the suite notices a source that', () => {
  const uploading = ['upload makes an image available, with its size and the digests that are declared']
  test.each<readonly [string, (source: ImageSource) => ImageSource, readonly string[]]>([
    ['gives an image on two pages', onPages((page) => ({ ...page, items: [...page.items, ...page.items.slice(0, 1)] })), ['lists images of this cloud, each once']],
    ['gives images of another cloud', onPages((page) => ({ ...page, items: page.items.map((image) => ({ ...image, ref: { ...image.ref, cloud: 'other' } })) })), ['lists images of this cloud, each once', 'get gives what listPage gives']],
    ['gives what is no Image', onPages((page) => ({ ...page, items: page.items.map((image) => ({ ...image, status: 'odd' as never })) })), ['lists images of this cloud, each once']],
    ['does not tell its pages ahead in order', onPages((page) => ({ ...page, ahead: ['4', '2'] })), ['the same cursor gives the same page again, and ahead begins with next']],
    ['filters what it does not declare', overriding(({ capabilities }) => ({ capabilities: { ...capabilities, filters: [] } })), FILTER_CHECKS],
    ['declares a filter that it does not have', overriding((source) => ({ listPage: (_, ...rest) => source.listPage({ hidden: 'include' }, ...rest) })), FILTER_CHECKS],
    ['has a method that it does not declare', overriding(() => ({ operations: () => TE.right([]) })), ['declares the methods that are present, and no others', 'what is not declared answers Unsupported']],
    ['probes more than it declares', overriding(({ capabilities }) => ({ probe: () => TE.right({ ...capabilities, operations: [...capabilities.operations, 'share'] }) })), ['probe adds nothing to what is declared']],
    ['does not listen to a signal', overriding((source) => ({ get: (id) => source.get(id) })), ['an aborted signal gives Aborted']],
    ['blames another cloud', overriding((source) => ({ get: (id, options) => pipe(source.get(id, options), TE.mapLeft((error) => ({ ...error, cloud: 'other' }))) })), ['an id that does not exist is NotFound']],
    ['removes nothing', overriding(() => ({ remove: () => TE.right(undefined) })), ['a removed image is gone', 'protect keeps an image from being removed, until it is lifted', 'an id that does not exist is NotFound to every method that takes one']],
    ['protects nothing', overriding((source) => ({ protect: (id, isProtected) => pipe(source.get(id), TE.map((image) => ({ ...image, protected: isProtected }))) })), ['protect keeps an image from being removed, until it is lifted']],
    ['answers as if it had hidden', overriding((source) => ({ hide: (id, hidden) => pipe(source.get(id), TE.map((image) => ({ ...image, hidden }))) })), ['hide leaves an image out of default lists, and get still gives it']],
    ['loses entries that are not named', overriding((source) => ({ update: (id, changes) => pipe(source.get(id), TE.flatMap(({ labels }) => source.update(id, { ...changes, ...(changes.labels === undefined ? {} : { labels: { ...Object.fromEntries(Object.keys(labels).map((key) => [key, null])), ...changes.labels } }) }))) })), ['update keeps entries that it does not name, and null removes one']],
    ['changes more than it is asked to', overriding((source) => ({ update: (id, changes) => source.update(id, { ...changes, description: `${Object.keys(changes).join()} changed` }) })), ['update changes what is declared, and nothing else']],
    ['changes the first bytes', overriding((source) => ({ upload: (id, bytes, options) => source.upload(id, { ...bytes, open: () => bytesOf(new Uint8Array(bytes.size ?? 0)).open() }, options) })), [...uploading, 'download gives the bytes as stored, any range of them, and again']],
    ['ignores ranges', overriding((source) => ({ download: (id, options) => pipe(source.download(id, options), TE.map((bytes) => ({ ...bytes, open: () => bytes.open() }))) })), ['download gives the bytes as stored, any range of them, and again']],
    ['overwrites data', overriding((source) => ({ upload: (id, bytes, options) => pipe(source.upload(id, bytes, options), TE.orElse((error) => (error._tag === 'Conflict' ? source.get(id) : TE.left(error)))) })), ['a second upload is a Conflict']],
    ['takes a short upload', overriding((source) => ({ upload: (id, bytes, options) => source.upload(id, { ...bytes, size: null }, options) })), ['an upload that is not as long as it says, or breaks off, leaves the image not available']],
  ])('%s', async (_, wrap, broken) => {
    const { failed } = await outcome(subjectOf({ filters: ALL_FILTERS }, wrap))
    expect(failed).toEqual(expect.arrayContaining([...broken]))
  })

  test('declares other capabilities than the suite was told', async () => {
    const subject = subjectOf({})
    const { failed } = await outcome({ ...subject, capabilities: { ...subject.capabilities, digests: [] } })
    expect(failed).toEqual(['declares the capabilities that the suite was chosen by'])
  })

  test('has no images', async () => {
    expect((await outcome(subjectOf({ images: [] }))).failed).toContain('lists images of this cloud, each once')
  })
})

describe('the suite', () => {
  test('runs every check on a source that does everything, none of which fails', async () => {
    const { names, failed } = await outcome(subjectOf({}))
    expect(names.slice(1)).toEqual(SOURCE_CHECKS.map(({ name }) => name))
    expect(failed).toEqual([])
  })

  test('runs only the checks of what is declared', async () => {
    const { names } = await outcome(subjectOf({ without: WRITES }))
    expect(names.slice(1)).toEqual(SOURCE_CHECKS.filter(({ needs }) => needs.length === 0).map(({ name }) => name))
  })

  test('has no two promises of one name', () => {
    expect(new Set(SOURCE_CHECKS.map(({ name }) => name)).size).toBe(SOURCE_CHECKS.length)
  })

  test('an exception carries its reason into the name, and is outdated where the promise is kept', async () => {
    const promise = 'a removed image is gone'
    const broken = subjectOf({}, overriding(() => ({ remove: () => TE.right(undefined) })))
    const excepted = await outcome({ ...broken, exceptions: { [promise]: 'removal takes a day' } })
    expect(excepted.names).toContain('a removed image is gone (not kept: removal takes a day)')
    expect(excepted.failed.filter((name) => name.startsWith(promise))).toEqual([])
    const kept = await outcome({ ...subjectOf({}), exceptions: { [promise]: 'removal takes a day' } })
    expect(kept.failed).toEqual(['a removed image is gone (not kept: removal takes a day)'])
  })

  test('refuses an exception to a promise that does not exist, and changes without an image to change', () => {
    const run = (subject: Subject) => () => imageSourceSuite({ describe: (_, body) => body(), test: () => undefined }, subject)
    expect(run({ ...subjectOf({}), exceptions: { 'no such promise': 'because' } })).toThrow('no such promise')
    expect(run(subjectOf({ without: ['create'] }))).toThrow('disposable')
    expect(E.isRight(E.tryCatch(run(subjectOf({ without: WRITES })), String))).toBe(true)
  })
})
