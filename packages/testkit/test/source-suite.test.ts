import { describe, expect, test } from '@jest/globals'
import {
  CAPABILITY_NAMES,
  conflict,
  FILTER_NAMES,
  forbidden,
  perform,
  rejected,
  createErrorSite,
  type CapabilityName,
  type ImageSource,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { bareImage } from '../src/bare-image.ts'
import { createMemorySource } from '../src/memory/source.ts'
import { checkImageSource, imageSourceSuite } from '../src/source-suite.ts'
import { SOURCE_CHECKS } from '../src/source-checks.ts'
import type { Subject } from '../src/subject.ts'
import {
  createDiskSubject,
  FOREIGN,
  IMAGES as images,
  READS,
  createSubject,
  SUPPLIES,
  WORLD,
} from './mutants/subject.ts'
import { onPages, overriding } from './mutants/wrap.ts'

const WRITES = CAPABILITY_NAMES.filter((name) => ![...READS, ...FOREIGN].includes(name))

const snapshotting = 'createFromServer creates an image, at first pending, and an operation with its progress'
const importing = 'importFromUrl makes the provider fetch the data, and returns an operation with its progress'
const copying = 'copyToStore copies to the named stores, and returns an operation with its progress'
const working = 'operations lists all work of an image on any number of pages, newest first, and operation returns each'

/** A cloud of disks completes its work on images at once: it has no operations. */
const skips = { [working]: 'this cloud does no work again and again' }

/** The variants that must pass. They run as in an adapter's own tests. */
describe('the suite, over a memory source that', () => {
  describe('has all methods and no filters', () => imageSourceSuite({ describe, test }, createSubject({})))
  describe('has all filters, and returns further pages ahead', () =>
    imageSourceSuite({ describe, test }, createSubject({ filters: FILTER_NAMES, ahead: true })))
  describe('stores disks', () => imageSourceSuite({ describe, test }, { ...createDiskSubject(), skips }))
  describe('only reads', () => imageSourceSuite({ describe, test }, createSubject({ without: [...WRITES, ...READS] })))
  describe('has all methods, but must not be changed', () =>
    imageSourceSuite({ describe, test }, { ...createSubject({}), readOnly: true }))
  describe('has all methods, but read-only credentials', () =>
    imageSourceSuite({ describe, test }, { ...createSubject({ readOnly: true }), refused: () => 'one' }))
  describe('can change little, and create nothing', () =>
    imageSourceSuite(
      { describe, test },
      {
        ...createSubject({ without: ['create', 'upload'], changes: ['labels'], bytes: { one: Uint8Array.of(1) } }),
        disposable: async () => 'one',
      },
    ))
  describe('asks on its own, of work that is done at once', () => {
    const make = (): ImageSource => createMemorySource({ images, ...WORLD })
    imageSourceSuite({ describe, test }, { make, capabilities: make().capabilities, ...SUPPLIES })
  })
})

/** Returns the names of the checks that ran, and of those that failed. */
const outcome = async (
  subject: Subject,
): Promise<{
  readonly names: readonly string[]
  readonly failed: readonly string[]
  readonly skipped: ReadonlyMap<string, string>
}> => {
  const results = await checkImageSource(subject)
  return {
    names: results.filter(({ status }) => status !== 'skipped').map(({ name }) => name),
    failed: results.filter(({ status }) => status === 'failed').map(({ name }) => name),
    skipped: new Map(results.flatMap((result) => (result.status === 'skipped' ? [[result.name, result.reason]] : []))),
  }
}

describe('imageSourceSuite fails for a source that', () => {
  test('declares other capabilities than the subject', async () => {
    const subject = createSubject({})
    const { failed } = await outcome({ ...subject, capabilities: { ...subject.capabilities, digests: [] } })
    expect(failed).toEqual(['declares the capabilities of the subject'])
  })

  test('has no images', async () => {
    expect((await outcome(createSubject({ images: [] }))).failed).toContain('lists images of this cloud, each once')
  })
})

describe('imageSourceSuite', () => {
  const listNames = (checks: typeof SOURCE_CHECKS): readonly string[] => checks.map(({ name }) => name)

  test('passes every check for a source with all methods', async () => {
    const { names, failed } = await outcome(createSubject({}))
    const declared = new Set(CAPABILITY_NAMES.filter((name) => !FOREIGN.includes(name)))
    const { capabilities } = createSubject({})
    expect(names).toEqual(
      listNames(
        SOURCE_CHECKS.filter(
          ({ needs, uses, unless }) =>
            uses !== 'refused' &&
            needs.every((name) => declared.has(name)) &&
            (unless?.(capabilities) ?? null) === null,
        ),
      ),
    )
    expect(failed).toEqual([])
  })

  test('reports checks of undeclared capabilities as skipped, with the reason', async () => {
    const { names, failed, skipped } = await outcome(createSubject({ without: CAPABILITY_NAMES }))
    expect(failed).toEqual([])
    expect([...names, ...skipped.keys()].toSorted()).toEqual(listNames(SOURCE_CHECKS).toSorted())
    expect(skipped.get('a deleted image no longer exists')).toBe('the source does not declare delete')
    expect(skipped.get('protect prevents the deletion of an image until it is unprotected')).toBe(
      'the source does not declare protect, delete',
    )
    expect(skipped.get('refused credentials are Unauthorized (writing methods)')).toBe('it only reads')
    expect(skipped.get('an unknown ID is NotFound in every writing method')).toBe(
      'no method changes an image by its id',
    )
    expect(skipped.get('an aborted signal is Aborted, and writes nothing')).toBe('it only reads')
    expect(names).toContain('refused credentials are Unauthorized (reading methods)')
  })

  test.each<[string, Partial<Subject>, string, string]>([
    [
      'no server faults',
      { faults: undefined },
      'an unexpected key is in drift',
      'the subject does not provide `faults`',
    ],
    [
      'one project only',
      { other: undefined },
      'only the owner invites, and only the invited project accepts',
      'the subject does not provide `other`',
    ],
    [
      'a cloud in use',
      { readOnly: true },
      'a deleted image no longer exists',
      'nothing may be changed at this cloud (`readOnly`)',
    ],
    [
      'credentials that may only read',
      { refused: () => 'one' },
      'a deleted image no longer exists',
      'these credentials may only read (`refused`)',
    ],
  ])('reports what %s cannot show as skipped', async (_, supplies, name, reason) => {
    expect((await outcome({ ...createSubject({}), ...supplies })).skipped.get(name)).toBe(reason)
  })

  test('reports checks that the capabilities rule out as skipped', async () => {
    const { skipped } = await outcome(createSubject({ changes: ['name'] }))
    expect(skipped.get('update adds and removes the named tags, and keeps the others')).toBe('tags cannot be changed')
    expect(skipped.get('update keeps entries that it does not name, and null deletes one')).toBe(
      'neither labels nor properties can be changed',
    )
    expect(
      (await outcome(createSubject({}))).skipped.get('update of other fields is Unsupported, and changes nothing'),
    ).toBe('every field can be changed')
  })

  test('reports checks that find nothing in the cloud as skipped', async () => {
    const { failed, skipped } = await outcome(createDiskSubject())
    expect(failed).toEqual([])
    expect(skipped.get(working)).toBe('no method of this source does work that operations lists, again and again')
    const single = await outcome(createSubject({ images: images.slice(0, 1), without: CAPABILITY_NAMES }))
    expect(single.failed).toEqual([])
    expect(single.skipped.get('a page does not exceed its limit')).toBe(
      'this cloud has one image only, and so one page',
    )
  })

  describe('with a test runner', () => {
    /** Returns the tests that the suite would register: those that run, and those that are skipped. */
    const registered = (subject: Subject) => {
      const run = new Map<string, (...context: readonly unknown[]) => Promise<void>>()
      const skipped: string[] = []
      const register = Object.assign((name: string, body: () => Promise<void>) => void run.set(name, body), {
        skip: (name: string) => void skipped.push(name),
      })
      imageSourceSuite({ describe: (_, body) => body(), test: register }, subject)
      return {
        run,
        skipped,
        findBody: (name: string) =>
          [...run].find(([title]) => title.startsWith(name))?.[1] ??
          (() => Promise.reject(new Error(`no test ${name}`))),
      }
    }

    test('names each test after its check, and the promise in full', () => {
      const { run } = registered(createSubject({}))
      expect([...run.keys()]).toContain(
        'a deleted image no longer exists [delete: “Afterwards `get` returns `NotFound`, or the image as `deleting` or `deleted`.”]',
      )
    })

    test('skips a check that does not apply, with the reason', () => {
      const { run, skipped } = registered(createSubject({ without: ['delete'] }))
      expect(skipped).toContain('a deleted image no longer exists (skipped: the source does not declare delete)')
      expect([...run.keys()].filter((name) => name.startsWith('a deleted image'))).toEqual([])
    })

    test('skips a check that finds nothing, or fails it if the runner cannot skip a running test', async () => {
      const { findBody } = registered(createDiskSubject())
      await expect(findBody(working)()).rejects.toThrow('Name it in `skips`')
      const reasons: string[] = []
      await findBody(working)({ skip: (reason: string) => reasons.push(reason) })
      expect(reasons).toEqual(['no method of this source does work that operations lists, again and again'])
    })

    test('skips what the subject skips, and fails when that is outdated', async () => {
      const { skipped, findBody } = registered({ ...createDiskSubject(), skips })
      expect(skipped).toContain(`${working} (skipped: this cloud does no work again and again)`)
      await findBody('finds nothing to check')()
      const outdated = registered({ ...createSubject({}), skips })
      await expect(outdated.findBody('finds nothing to check')()).rejects.toThrow('this check applies after all')
      expect((await outcome({ ...createSubject({}), skips })).failed).toEqual([working])
    })
  })

  test('changes nothing when readOnly is set, with any writing method', async () => {
    const called: string[] = []
    const watched = (source: ImageSource): ImageSource => {
      const watch =
        (name: CapabilityName): unknown =>
        (...args: readonly unknown[]) => (called.push(name), perform(source, name, ...(args as never)))
      return {
        ...source,
        ...Object.fromEntries(WRITES.filter((name) => source[name] !== undefined).map((name) => [name, watch(name)])),
      }
    }
    const { names, failed } = await outcome({ ...createSubject({}, watched), readOnly: true })
    expect({ failed, called }).toEqual({ failed: [], called: [] })
    expect(names.filter((name) => SOURCE_CHECKS.some((check) => check.name === name && check.writes))).toEqual([])
    await outcome(createSubject({}, watched))
    expect(new Set(called)).toEqual(new Set(WRITES))
  })

  test('fails for credentials that may write but should be read-only', async () => {
    const lenient = overriding((source) => ({ hide: (id) => source.get(id) }))
    const { failed } = await outcome({ ...createSubject({ readOnly: true }, lenient), refused: () => 'one' })
    expect(failed).toEqual(['hide is Forbidden for read-only credentials'])
  })

  test.each([
    ['server', snapshotting],
    ['url', importing],
    ['stores', copying],
  ] as const)('asks for a %s, or for an exception with a reason', async (supply, promise) => {
    const subject = { ...createSubject({}), [supply]: undefined }
    expect((await outcome(subject)).failed).toContain(promise)
    expect((await outcome({ ...subject, exceptions: { [promise]: 'there is none here' } })).failed).not.toContain(
      promise,
    )
  })

  test('deletes the images that its checks created, also after a failure', async () => {
    const source = createMemorySource({ images, ...WORLD })
    const broken = overriding(({ capabilities }) => ({
      upload: () => TE.left(rejected(createErrorSite(source.cloud, 'upload'), { what: 'no' })),
      capabilities,
    }))(source)
    for (const one of [source, broken]) {
      const { failed } = await outcome({ make: () => one, capabilities: one.capabilities, ...SUPPLIES })
      expect(failed.length > 0).toBe(one === broken)
      const left = await source.listPage({}, null)()
      expect(E.isRight(left) && left.right.items.map(({ ref }) => ref.id)).toEqual(images.map(({ ref }) => ref.id))
    }
  })

  test('removes protections and waits for work before it deletes an image, and names an image that it cannot delete', async () => {
    const conflicting = (times: number) =>
      overriding((source) => {
        let left = times
        return {
          delete: (id, options) =>
            left-- > 0
              ? TE.left(conflict(createErrorSite(source.cloud, 'delete'), { what: 'at work' }))
              : source.delete(id, options),
        }
      })
    const promise = 'setVisibility sets the visibility, or is Forbidden and changes nothing'
    expect((await outcome(createSubject({}, conflicting(3)))).failed).not.toContain(promise)
    expect((await outcome(createSubject({}, conflicting(1000)))).failed).toContain(promise)
    const refusing = overriding((source) => ({
      delete: () => TE.left(forbidden(createErrorSite(source.cloud, 'delete'), { what: 'no', reason: 'policy' })),
    }))
    expect((await outcome(createSubject({}, refusing))).failed).toContain(promise)
    const guarded = overriding((source) => ({
      setVisibility: (...args) =>
        pipe(
          source.setVisibility(...args),
          TE.tap(({ ref }) => source.protect(ref.id, true)),
        ),
    }))
    expect((await outcome(createSubject({}, guarded))).failed).toEqual([])
  })

  test('reads no more of a large cloud than it needs', async () => {
    let asked = 0
    const large = createMemorySource({
      without: CAPABILITY_NAMES,
      filters: ['name'],
      images: Array.from({ length: 3000 }, (_, at) =>
        bareImage(`image-${at}`, { name: `${at % 2}`, kind: at % 3 === 0 ? 'image' : 'backup' }),
      ),
    })
    const counted = overriding((source) => ({ listPage: (...args) => (asked++, source.listPage(...args)) }))(large)
    expect((await outcome({ make: () => counted, capabilities: counted.capabilities })).failed).toEqual([])
    expect(asked).toBeLessThan(640)
    const lazy = { ...large, capabilities: { ...large.capabilities, filters: ['kind' as const] } }
    expect((await outcome({ make: () => lazy, capabilities: lazy.capabilities })).failed).toEqual(
      expect.arrayContaining(
        ['name', 'kind'].map((filter) => `filters by ${filter} if declared, and ignores it otherwise`),
      ),
    )
  })

  test('tolerates concurrent changes of the cloud', async () => {
    let asked = 0
    const busy = overriding((source) => ({
      listPage: (query, cursor, options) =>
        pipe(
          source.listPage(query, cursor, options),
          TE.map((page) => (++asked % 7 === 0 ? { ...page, items: page.items.slice(1) } : page)),
        ),
    }))
    expect((await outcome(createSubject({ pageSize: 50 }, busy))).failed).toEqual([])
  })

  test('compares a query for a visibility with more than the default listing', async () => {
    const subjects = (['community', 'shared'] as const).map((visibility) =>
      createSubject({
        filters: ['visibility'],
        images: [
          ...images,
          bareImage('theirs', { owner: 'theirs', visibility }),
          bareImage('ours', { owner: 'mine', visibility }),
        ],
      }),
    )
    for (const subject of subjects) expect((await outcome(subject)).failed).toEqual([])
    const hiding = onPages((page) => ({
      ...page,
      items: page.items.filter(({ visibility }) => visibility !== 'community'),
    }))
    const source = createMemorySource({
      filters: ['visibility'],
      images: [...images, bareImage('ours', { visibility: 'community' })],
    })
    const half: ImageSource = {
      ...source,
      listPage: (query, ...rest) => (query.visibility === undefined ? source : hiding(source)).listPage(query, ...rest),
    }
    expect((await outcome({ ...SUPPLIES, make: () => half, capabilities: half.capabilities })).failed).toContain(
      'filters by visibility if declared, and ignores it otherwise',
    )
  })

  test('has unique check names', () => {
    expect(new Set(SOURCE_CHECKS.map(({ name }) => name)).size).toBe(SOURCE_CHECKS.length)
  })

  test('reports an exception with its reason, and fails when it is outdated', async () => {
    const name = 'a deleted image no longer exists'
    const exceptions = { [name]: 'removal takes a day' }
    const excepted = await outcome({
      ...createSubject(
        {},
        overriding(() => ({ delete: () => TE.right(undefined) })),
      ),
      exceptions,
    })
    expect(excepted.skipped.get(name)).toBe('not kept: removal takes a day')
    expect(excepted.failed).not.toContain(name)
    const kept = await outcome({ ...createSubject({}), exceptions })
    expect(kept.failed).toEqual([name])
  })

  test('refuses an exception for an unknown check, and changes without an image to change', () => {
    const run = (subject: Subject) => () =>
      imageSourceSuite(
        { describe: (_, body) => body(), test: Object.assign(() => undefined, { skip: () => undefined }) },
        subject,
      )
    expect(run({ ...createSubject({}), exceptions: { 'no such promise': 'because' } })).toThrow('no such promise')
    expect(run(createSubject({ without: ['create'] }))).toThrow('disposable')
    expect(run(createSubject({ without: ['upload'] }))).toThrow('have no data')
    for (const subject of [
      createSubject({ without: CAPABILITY_NAMES }),
      { ...createSubject({ without: ['create'] }), readOnly: true },
      createSubject({ without: ['upload', 'deactivate', 'importFromUrl', 'copyToStore'] }),
    ])
      expect(run(subject)).not.toThrow()
  })
})
