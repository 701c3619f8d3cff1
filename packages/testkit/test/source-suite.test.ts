import { describe, expect, test } from '@jest/globals'
import { bytesOf, CAPABILITY_NAMES, conflict, FILTER_NAMES, forbidden, perform, rejected, siteOf, withoutOperations, type CapabilityName, type Image, type ImageSource, type Operation, type Page } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { bareImage } from '../src/bare-image.ts'
import type { MemoryCloudOptions, MemorySourceOptions } from '../src/memory-options.ts'
import { createMemoryCloud, createMemorySource } from '../src/memory-source.ts'
import { imageSourceSuite, SOURCE_CHECKS, type Subject } from '../src/source-suite.ts'

const images: readonly Image[] = [
  { ...bareImage('one', { name: 'Ubuntu', architecture: 'x86_64', status: 'available', visibility: 'public', owner: 'mine', kind: 'system', createdAt: '2024-01-01T00:00:00Z', tags: ['lts'] }), os: { family: 'linux', distro: 'ubuntu', version: '24.04', defaultUser: null } },
  bareImage('two', { name: 'Debian', description: 'stable', owner: 'me', labels: { team: 'web' }, properties: { os_type: 'linux' }, hidden: true, createdAt: '2025-01-01T00:00:00Z', deprecatedAt: '2025-06-01T00:00:00Z' }),
  bareImage('three', { name: 'Ubuntu', architecture: 'aarch64', status: 'pending', visibility: 'private', kind: 'snapshot', hidden: false }),
]

const FILTER_CHECKS = FILTER_NAMES.map((filter) => `filters by ${filter} if that is declared, and not at all if not`)

const READS = ['owner', 'shares', 'servers', 'download', 'operations', 'operation'] as const
/** A provider of records without data needs none of these. */
const FOREIGN = ['createFromBytes', 'estimate', 'leftovers', 'removeLeftover'] as const
const WRITES = CAPABILITY_NAMES.filter((name) => ![...READS, ...FOREIGN].some((one) => one === name))

/** What a memory cloud has beside images, and the subject must know of. */
const WORLD: MemoryCloudOptions = { servers: { 'server-1': Uint8Array.of(1, 2, 3) }, urls: { 'https://images.test/debian.raw': Uint8Array.of(4, 5) }, stores: ['fast', 'cheap'] }
const SUPPLIES: Partial<Subject> = { server: () => 'server-1', url: 'https://images.test/debian.raw', stores: ['cheap'] }

/** A subject whose time passes only while someone sleeps, and whose work takes some. */
const subjectOf = (options: MemorySourceOptions, wrap: (source: ImageSource) => ImageSource = (source) => source): Subject => {
  let time = 0
  const cloudOf = (): ReturnType<typeof createMemoryCloud> => createMemoryCloud({ images, pageSize: 2, ...WORLD, clock: () => time, workMs: 1000, ...options })
  let asking = cloudOf()
  const make = (): ImageSource => {
    asking = cloudOf()
    return wrap(asking({ project: 'mine', ...options }))
  }
  return {
    make,
    capabilities: make().capabilities,
    ...SUPPLIES,
    other: () => ({ source: wrap(asking({ project: 'theirs' })), project: 'theirs' }),
    timing: { intervalMs: 300, deadlineMs: 5000, clock: () => time, sleep: async (ms) => void (time += ms) },
  }
}

/** The variants that must pass: they run here as they would in an adapter's own test. */
describe('the suite, over a memory source that', () => {
  describe('does everything, and filters nothing', () => imageSourceSuite({ describe, test }, subjectOf({})))
  describe('filters everything, and knows its pages ahead', () => imageSourceSuite({ describe, test }, subjectOf({ filters: FILTER_NAMES, ahead: true })))
  describe('keeps disks', () => imageSourceSuite({ describe, test }, { ...subjectOf({ disks: true, bytes: { one: Uint8Array.of(1) } }), disposable: async () => 'one' }))
  describe('only reads', () => imageSourceSuite({ describe, test }, subjectOf({ without: [...WRITES, ...READS] })))
  describe('does everything, but is not to be changed', () => imageSourceSuite({ describe, test }, { ...subjectOf({}), readOnly: true }))
  describe('does everything, but not for these credentials', () => imageSourceSuite({ describe, test }, { ...subjectOf({ readOnly: true }), refused: () => 'one' }))
  describe('changes little, and makes nothing', () =>
    imageSourceSuite({ describe, test }, { ...subjectOf({ without: ['create', 'upload'], changes: ['labels'], bytes: { one: Uint8Array.of(1) } }), disposable: async () => 'one' }))
  describe('asks on its own, of work that is done at once', () => {
    const make = (): ImageSource => createMemorySource({ images, ...WORLD })
    imageSourceSuite({ describe, test }, { make, capabilities: make().capabilities, ...SUPPLIES })
  })
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

const snapshotting = 'createFromServer makes an image, pending at first, and its operation says how that goes'
const importing = 'importFromUrl lets the provider fetch the data, and its operation says how that goes'
const copying = 'copyToStore copies to the stores that are named, and its operation says how that goes'

const DONE: Operation = { id: 'done', kind: null, status: 'success', progress: 1, error: null, startedAt: '2020-01-01T00:00:00Z', finishedAt: null }
const running = (operation: Operation): Operation => ({ ...operation, status: 'running', finishedAt: null })
const uploading = ['upload makes an image available, with its size and the digests that are declared']

/** What a source does wrong, and the promises that it breaks by that. */
const BROKEN: readonly (readonly [string, (source: ImageSource) => ImageSource, readonly string[]])[] = [
  ['gives an image on two pages', onPages((page) => ({ ...page, items: [...page.items, ...page.items.slice(0, 1)] })), ['lists images of this cloud, each once']],
  ['gives images of another cloud', onPages((page) => ({ ...page, items: page.items.map((image) => ({ ...image, ref: { ...image.ref, cloud: 'other' } })) })), ['lists images of this cloud, each once', 'get gives what listPage gives']],
  ['gives what is no Image', onPages((page) => ({ ...page, items: page.items.map((image) => ({ ...image, status: 'odd' as never })) })), ['lists images of this cloud, each once']],
  ['does not tell its pages ahead in order', onPages((page) => ({ ...page, ahead: ['4', '2'] })), ['the same cursor gives the same page again, and ahead begins with next']],
  ['filters what it does not declare', overriding(({ capabilities }) => ({ capabilities: { ...capabilities, filters: [] } })), FILTER_CHECKS],
  ['declares a filter that it does not have', overriding((source) => ({ listPage: (_, ...rest) => source.listPage({ hidden: 'include' }, ...rest) })), FILTER_CHECKS],
  ['has a method that it does not declare', overriding(({ capabilities }) => ({ capabilities: withoutOperations(capabilities, ['operations']) })), ['declares the methods that are present, and no others', 'what is not declared answers Unsupported']],
  ['probes more than it declares', overriding(({ capabilities }) => ({ probe: () => TE.right({ ...capabilities, digests: [...capabilities.digests, 'md5'] }) })), ['probe adds nothing to what is declared']],
  ['does not listen to a signal', overriding((source) => ({ get: (id) => source.get(id) })), ['an aborted signal gives Aborted']],
  ['blames another cloud', overriding((source) => ({ get: (id, options) => pipe(source.get(id, options), TE.mapLeft((error) => ({ ...error, cloud: 'other' }))) })), ['an id that does not exist is NotFound to every method that reads']],
  ['names another owner', overriding(() => ({ owner: () => TE.right('somebody') })), ['owner tells the owner of a new image']],
  ['removes nothing', overriding(() => ({ remove: () => TE.right(undefined) })), ['a removed image is gone', 'protect keeps an image from being removed, until it is lifted', 'an id that does not exist is NotFound to every method that writes']],
  ['protects nothing', overriding((source) => ({ protect: (id, isProtected) => pipe(source.get(id), TE.map((image) => ({ ...image, protected: isProtected }))) })), ['protect keeps an image from being removed, until it is lifted']],
  ['answers as if it had hidden', overriding((source) => ({ hide: (id, hidden) => pipe(source.get(id), TE.map((image) => ({ ...image, hidden }))) })), ['hide leaves an image out of default lists, and get still gives it']],
  ['loses entries that are not named', overriding((source) => ({ update: (id, changes) => pipe(source.get(id), TE.flatMap(({ labels }) => source.update(id, { ...changes, ...(changes.labels === undefined ? {} : { labels: { ...Object.fromEntries(Object.keys(labels).map((key) => [key, null])), ...changes.labels } }) }))) })), ['update keeps entries that it does not name, and null removes one']],
  ['loses tags that are not named', overriding((source) => ({ update: (id, changes, options) => source.update(id, { ...changes, ...(changes.tags !== undefined && 'add' in changes.tags ? { tags: changes.tags.add } : {}) }, options) })), ['update keeps tags that it does not name, and removes those it is told to']],
  ['changes more than it is asked to', overriding((source) => ({ update: (id, changes) => source.update(id, { ...changes, description: `${Object.keys(changes).join()} changed` }) })), ['update changes what is declared, and nothing else']],
  ['changes the first bytes', overriding((source) => ({ upload: (id, bytes, options) => source.upload(id, { ...bytes, open: () => bytesOf(new Uint8Array(bytes.size ?? 0)).open() }, options) })), [...uploading, 'download gives the bytes as stored, any range of them, and again']],
  ['ignores ranges', overriding((source) => ({ download: (id, options) => pipe(source.download(id, options), TE.map((bytes) => ({ ...bytes, open: () => bytes.open() }))) })), ['download gives the bytes as stored, any range of them, and again']],
  ['overwrites data', overriding((source) => ({ upload: (id, bytes, options) => pipe(source.upload(id, bytes, options), TE.orElse((error) => (error._tag === 'Conflict' ? source.get(id) : TE.left(error)))) })), ['a second upload is a Conflict']],
  ['gives pages of its own size', overriding((source) => ({ listPage: (query, cursor) => source.listPage(query, cursor) })), ['a page holds no more images than it should']],
  ['writes though it was told to stop', overriding((source) => ({ protect: (id, isProtected) => source.protect(id, isProtected) })), ['an aborted signal gives Aborted, and nothing is written']],
  ['creates without saying all', overriding((source) => ({ create: (request, options) => source.create({ ...request, tags: [] }, options) })), ['create makes a pending image that shows what was asked for']],
  ['tells progress that falls', overriding((source) => ({ upload: (id, bytes, options) => pipe(source.upload(id, bytes, options), TE.tapIO(() => () => options?.onProgress?.(1))) })), uploading],
  ['deactivates nothing', overriding((source) => ({ deactivate: (id, isDeactivated) => pipe(source.get(id), TE.map((image) => ({ ...image, status: isDeactivated ? 'unavailable' : 'available' }))) })), ['deactivate withholds an image, and gives it back']],
  ['knows one visibility', overriding((source) => ({ setVisibility: (id, _, options) => source.setVisibility(id, 'private', options) })), ['setVisibility sets it, or is Forbidden and changes nothing']],
  ['blames the request for a visibility', overriding((source) => ({ setVisibility: (id, visibility, options) => (visibility === 'public' ? TE.left(rejected(siteOf(source.cloud, 'setVisibility'), { what: 'no' })) : source.setVisibility(id, visibility, options)) })), ['setVisibility sets it, or is Forbidden and changes nothing']],
  ['makes up a share', overriding((source) => ({ shares: (id, options) => pipe(source.shares(id, options), TE.map((shares) => [...shares, { project: 'x', status: 'unknown' }])) })), ['an image that is shared with nobody has no shares']],
  ['forgets whom it invited', overriding((source) => ({ share: (id, request, options) => pipe(source.share(id, request, options), TE.map((shares) => shares.filter(({ project }) => project === request.project))) })), ['share invites a project, and withdraws again']],
  ['withdraws nothing', overriding((source) => ({ share: (id, request, options) => (request.action === 'withdraw' ? source.shares(id, options) : source.share(id, request, options)) })), ['share invites a project, and withdraws again', 'who is invited accepts or declines, and sees the image until it is withdrawn']],
  ['takes each answer for a yes', overriding((source) => ({ share: (id, request, options) => source.share(id, request.action === 'decline' ? { ...request, action: 'accept' } : request, options) })), ['who is invited accepts or declines, and sees the image until it is withdrawn']],
  ['shows images to everybody', overriding((source) => ({ setVisibility: (id, visibility, options) => pipe(source.setVisibility(id, visibility === 'shared' ? 'public' : visibility, options), TE.map((image) => ({ ...image, visibility }))), share: () => TE.right([]) })), ['who is invited accepts or declines, and sees the image until it is withdrawn', 'only the owner invites, and only who is invited accepts']],
  ['lists servers whatever their name', overriding((source) => ({ servers: (_, options) => source.servers({}, options) })), ['servers lists the server that createFromServer takes, and by a name only those of that name']],
  ['makes images from nothing', overriding((source) => ({ createFromServer: (request, options) => source.createFromServer({ ...request, serverId: 'server-1' }, options) })), ['createFromServer of a server that does not exist is NotFound']],
  ['makes images of another name', overriding((source) => ({ createFromServer: (request, options) => source.createFromServer({ ...request, name: 'other' }, options) })), [snapshotting]],
  ['never ends its work', overriding((source) => ({ operation: (id, options) => pipe(source.operation(id, options), TE.map(running)) })), [snapshotting, importing, copying]],
  ['says that work is done when it has begun', overriding((source) => ({ operation: (id, options) => pipe(source.operation(id, options), TE.map((operation) => ({ ...operation, status: 'success', error: 'none' }))) , createFromServer: (request, options) => pipe(source.createFromServer(request, options), TE.map(({ image, operation }) => ({ image: { ...image, status: 'available' }, operation }))) })), [snapshotting]],
  ['counts progress to a hundred', overriding((source) => ({ copyToStore: (id, request, options) => pipe(source.copyToStore(id, request, options), TE.map((operation) => ({ ...operation, progress: 100 }))) })), [copying]],
  ['imports nothing', overriding((source) => ({ importFromUrl: (id, _, options) => source.importFromUrl(id, { url: 'https://images.test/other' }, options) })), [importing]],
  ['imports over data', overriding((source) => ({ importFromUrl: (id, request, options) => pipe(source.importFromUrl(id, request, options), TE.orElse((error) => (error._tag === 'Conflict' ? TE.right(DONE) : TE.left(error)))) })), ['importFromUrl into an image with data is a Conflict']],
  ['works on images that do not exist', overriding((source) => ({ importFromUrl: (id, request, options) => pipe(source.importFromUrl(id, request, options), TE.orElse((error) => (error._tag === 'NotFound' ? TE.right(DONE) : TE.left(error)))), copyToStore: (id, request, options) => pipe(source.copyToStore(id, request, options), TE.orElse((error) => (error._tag === 'NotFound' ? TE.right(DONE) : TE.left(error)))) })), ['importFromUrl into an image that does not exist is NotFound', 'copyToStore of an image that does not exist is NotFound']],
  ['copies to one store only', overriding((source) => ({ copyToStore: (id, request, options) => source.copyToStore(id, { stores: request.stores.filter((store) => store === 'fast') }, options) })), [copying, 'copyToStore to a store that does not exist is Rejected']],
  ['forgets its work', overriding(() => ({ operations: () => TE.right([]) })), [importing, copying, 'an id that does not exist is NotFound to every method that reads']],
  ['tells its work the oldest first', overriding(() => ({ operations: () => TE.right([DONE, { ...DONE, id: 'newer', startedAt: '2030-01-01T00:00:00Z' }]) })), ['operations are those of one image, the newest first, and operation gives each']],
  ['tells of work that it does not know', overriding(() => ({ operations: () => TE.right([DONE]) })), ['operations are those of one image, the newest first, and operation gives each']],
  ['takes a short upload', overriding((source) => ({ upload: (id, bytes, options) => source.upload(id, { ...bytes, size: null }, options) })), ['an upload that is not as long as it says, or breaks off, leaves the image not available']],
  ['changes what it does not declare', overriding(({ capabilities }) => ({ capabilities: { ...capabilities, changes: ['name'] } })), ['update of anything else is Unsupported, and changes nothing']],
  ['gives no data for data that is not there', overriding((source) => ({ download: (id, options) => pipe(source.download(id, options), TE.orElse((error) => (error._tag === 'Conflict' ? TE.right(bytesOf(new Uint8Array())) : TE.left(error)))) })), ['download of an image without data is a Conflict']],
  ['gives of an image what it likes', overriding((source) => ({ get: (id, options) => pipe(source.get(id, options), TE.map((image) => ({ ...image, ref: { ...image.ref, region: 'elsewhere' } }))) })), ['get gives what listPage gives']],
]

describe('the suite notices a source that', () => {
  test.each(BROKEN)('%s', async (_, wrap, broken) => {
    const { failed } = await outcome(subjectOf({ filters: FILTER_NAMES }, wrap))
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
  const namesOf = (checks: typeof SOURCE_CHECKS): readonly string[] => checks.map(({ name }) => name)

  test('runs every check on a source that does everything, none of which fails', async () => {
    const { names, failed } = await outcome(subjectOf({}))
    expect(names.slice(1)).toEqual(namesOf(SOURCE_CHECKS.filter(({ uses }) => uses !== 'refused')))
    expect(failed).toEqual([])
  })

  test('runs only the checks of what is declared', async () => {
    const { names } = await outcome(subjectOf({ without: CAPABILITY_NAMES }))
    expect(names.slice(1)).toEqual(namesOf(SOURCE_CHECKS.filter(({ needs }) => needs.length === 0)))
  })

  test('checks without another project what one project can see', async () => {
    const { names } = await outcome({ ...subjectOf({}), other: undefined })
    expect(names.slice(1)).toEqual(namesOf(SOURCE_CHECKS.filter(({ uses }) => uses === undefined)))
  })

  test('changes nothing if told so, by no call of any writing method', async () => {
    const called: string[] = []
    const watched = (source: ImageSource): ImageSource => {
      const watch = (name: CapabilityName): unknown => (...args: readonly unknown[]) => (called.push(name), perform(source, name, ...(args as never)))
      return { ...source, ...Object.fromEntries(WRITES.filter((name) => source[name] !== undefined).map((name) => [name, watch(name)])) }
    }
    const { names, failed } = await outcome({ ...subjectOf({}, watched), readOnly: true })
    expect({ failed, called }).toEqual({ failed: [], called: [] })
    expect(names.slice(1)).toEqual(namesOf(SOURCE_CHECKS.filter(({ writes, uses }) => !writes && uses === undefined)))
    await outcome(subjectOf({}, watched))
    expect(new Set(called)).toEqual(new Set(WRITES))
  })

  test('notices credentials that may write though they should only read', async () => {
    const lenient = overriding((source) => ({ hide: (id) => source.get(id) }))
    const { failed } = await outcome({ ...subjectOf({ readOnly: true }, lenient), refused: () => 'one' })
    expect(failed).toEqual(['hide is Forbidden to who may only read'])
  })

  test.each([
    ['server', snapshotting],
    ['url', importing],
    ['stores', copying],
  ] as const)('asks for a %s, or for an exception with a reason', async (supply, promise) => {
    const subject = { ...subjectOf({}), [supply]: undefined }
    expect((await outcome(subject)).failed).toContain(promise)
    expect((await outcome({ ...subject, exceptions: { [promise]: 'there is none here' } })).failed).not.toContain(`${promise} (not kept: there is none here)`)
  })

  test('removes what its checks have made, also of those that fail', async () => {
    const source = createMemorySource({ images, ...WORLD })
    const broken = overriding(({ capabilities }) => ({ upload: () => TE.left(rejected(siteOf(source.cloud, 'upload'), { what: 'no' })), capabilities }))(source)
    for (const one of [source, broken]) {
      const { failed } = await outcome({ make: () => one, capabilities: one.capabilities, ...SUPPLIES })
      expect(failed.length > 0).toBe(one === broken)
      const left = await source.listPage({}, null)()
      expect(E.isRight(left) && left.right.items.map(({ ref }) => ref.id)).toEqual(images.map(({ ref }) => ref.id))
    }
  })

  test('lifts a protection, and waits for work, to remove an image; says which one it cannot remove', async () => {
    const conflicting = (times: number) =>
      overriding((source) => {
        let left = times
        return { remove: (id, options) => (left-- > 0 ? TE.left(conflict(siteOf(source.cloud, 'remove'), { what: 'at work' })) : source.remove(id, options)) }
      })
    const promise = 'setVisibility sets it, or is Forbidden and changes nothing'
    expect((await outcome(subjectOf({}, conflicting(3)))).failed).not.toContain(promise)
    expect((await outcome(subjectOf({}, conflicting(1000)))).failed).toContain(promise)
    const refusing = overriding((source) => ({ remove: () => TE.left(forbidden(siteOf(source.cloud, 'remove'), { what: 'no', reason: 'policy' })) }))
    expect((await outcome(subjectOf({}, refusing))).failed).toContain(promise)
    const guarded = overriding((source) => ({ setVisibility: (...args) => pipe(source.setVisibility(...args), TE.tap(({ ref }) => source.protect(ref.id, true))) }))
    expect((await outcome(subjectOf({}, guarded))).failed).toEqual([])
  })

  test('looks at no more of a large cloud than it must', async () => {
    let asked = 0
    const large = createMemorySource({ without: CAPABILITY_NAMES, filters: ['name'], images: Array.from({ length: 3000 }, (_, at) => bareImage(`image-${at}`, { name: `${at % 2}`, kind: at % 3 === 0 ? 'image' : 'backup' })) })
    const counted = overriding((source) => ({ listPage: (...args) => (asked++, source.listPage(...args)) }))(large)
    expect((await outcome({ make: () => counted, capabilities: counted.capabilities })).failed).toEqual([])
    expect(asked).toBeLessThan(400)
    const lazy = { ...large, capabilities: { ...large.capabilities, filters: ['kind' as const] } }
    expect((await outcome({ make: () => lazy, capabilities: lazy.capabilities })).failed).toEqual(expect.arrayContaining(['name', 'kind'].map((filter) => `filters by ${filter} if that is declared, and not at all if not`)))
  })

  test('bears a cloud that others change while it looks', async () => {
    let asked = 0
    const busy = overriding((source) => ({
      listPage: (query, cursor, options) => pipe(source.listPage(query, cursor, options), TE.map((page) => (++asked % 7 === 0 ? { ...page, items: page.items.slice(1) } : page))),
    }))
    expect((await outcome(subjectOf({ pageSize: 50 }, busy))).failed).toEqual([])
  })

  test('asks more of a visibility than the default listing has', async () => {
    const subjects = (['community', 'shared'] as const).map((visibility) => subjectOf({ filters: ['visibility'], images: [...images, bareImage('theirs', { owner: 'theirs', visibility }), bareImage('ours', { owner: 'mine', visibility })] }))
    for (const subject of subjects) expect((await outcome(subject)).failed).toEqual([])
    const hiding = onPages((page) => ({ ...page, items: page.items.filter(({ visibility }) => visibility !== 'community') }))
    const source = createMemorySource({ filters: ['visibility'], images: [...images, bareImage('ours', { visibility: 'community' })] })
    const half: ImageSource = { ...source, listPage: (query, ...rest) => (query.visibility === undefined ? source : hiding(source)).listPage(query, ...rest) }
    expect((await outcome({ ...SUPPLIES, make: () => half, capabilities: half.capabilities })).failed).toContain('filters by visibility if that is declared, and not at all if not')
  })

  test('each promise is broken by one of the sources above', () => {
    const broken = new Set(BROKEN.flatMap(([, , promises]) => promises))
    expect(namesOf(SOURCE_CHECKS.filter(({ name, uses }) => uses !== 'refused' && !broken.has(name)))).toEqual([])
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
    expect(run(subjectOf({ without: ['upload'] }))).toThrow('not filled')
    for (const subject of [subjectOf({ without: CAPABILITY_NAMES }), { ...subjectOf({ without: ['create'] }), readOnly: true }, subjectOf({ without: ['upload', 'deactivate', 'importFromUrl', 'copyToStore'] })]) expect(run(subject)).not.toThrow()
  })
})
