import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals'
import { pages } from '@imago/core'
import {
  createByteSource,
  listAll,
  perform,
  createErrorSite,
  waitFor,
  type Image,
  type ImageSource,
  type Query,
} from '@imago/core/provider'
import { createTransport, systemTiming, type InterceptedRequest } from '@imago/http'
import { runningLabs, type LabUser } from '@imago/lab'
import { imageSourceSuite } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackApi, createOpenstackSource, type OpenstackOptions } from '../src/index.ts'
import {
  capabilities,
  filledImage,
  FOR_ADMINS,
  NOT_TRIED,
  toSourceOptions,
  servedImage,
  getValue,
  waitingImage,
} from './cloud.ts'
import { getError } from './get-error.ts'

const labs = runningLabs(process.env)
// With two Glances, this test has one to itself, because concurrent changes would appear in its listings.
const lab = labs[1] ?? labs[0]
const transport = createTransport()

const optionsFor = ({ id, password, project }: LabUser): OpenstackOptions =>
  toSourceOptions(
    {
      authUrl: lab.authUrl,
      region: lab.region,
      userId: id,
      password,
      project: lab.projects[project as keyof typeof lab.projects],
    },
    transport,
  )

const { demo, other, 'demo-reader': reader } = lab.users
const source = createOpenstackSource(optionsFor(demo))
const guest = createOpenstackSource(optionsFor(other))
const disposable = (): Promise<string> => filledImage(source)

/** Names that a filter could misinterpret: operators, lists, quotes, case, spaces, other alphabets, maximum length. */
const NAMES = [
  'imago seed',
  'Imago Seed',
  'in:imago',
  'eq:imago',
  'imago:seed',
  '"imago, seed"',
  'imago,seed',
  ' imago',
  'imago%',
  'imago_seed',
  'Übung ❀ мир',
  '+imago&seed=1#?',
  'i'.repeat(255),
]
const TAGS = ['imago-seed', 'a b', 'ä', 'A', 'a', 'x&y=z']

let image: Awaited<ReturnType<typeof servedImage>>
const made: string[] = []
const create = async (at: ImageSource, name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const { ref } = await getValue(perform(at, 'create', { name, diskFormat: 'raw', visibility: 'private', ...more }))
  if (at === source) made.push(ref.id)
  return ref.id
}

beforeAll(async () => {
  image = await servedImage()
  for (const [index, name] of NAMES.entries())
    await create(source, name, {
      tags: TAGS.slice(0, index % (TAGS.length + 1)),
      properties: index % 3 === 0 ? { image_type: 'snapshot' } : {},
      visibility: index % 2 === 0 ? 'private' : 'shared',
    })
  await getValue(perform(source, 'hide', await create(source, 'imago hidden'), true))
  await getValue(perform(source, 'deactivate', made[made.push(await disposable()) - 1] ?? '', true))
  made.push(await disposable())
})
afterAll(async () => {
  for (const id of made) await source.delete?.(id)()
  await image.close()
  transport.close()
})

const NO_NOVA = 'the lab has no Nova'
const SERVERS = 'servers lists the server for createFromServer, and filters by name'
const SERVER_IMAGE = 'createFromServer creates an image, at first pending, and an operation with its progress'
const stores = ['slow']
const url = (): string => image.url

describe('OpenStack source with a real Glance', () => {
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make: () => source,
      other: () => ({ source: guest, project: lab.projects.other }),
      url,
      stores,
      exceptions: { [SERVER_IMAGE]: NO_NOVA, [SERVERS]: NO_NOVA, ...FOR_ADMINS },
      skips: NOT_TRIED,
    },
  )
})

describe('OpenStack source as administrator with a real Glance', () => {
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make: () => createOpenstackSource(optionsFor(lab.users.admin)),
      url,
      stores,
      exceptions: { [SERVER_IMAGE]: NO_NOVA, [SERVERS]: NO_NOVA },
      skips: NOT_TRIED,
    },
  )
})

describe('OpenStack source as reader with a real Glance', () => {
  const make = (): ImageSource => createOpenstackSource(optionsFor(reader))
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make,
      refused: () => waitingImage(source, 'shared'),
      url,
      stores,
      exceptions: {
        'createFromServer is Forbidden for read-only credentials': NO_NOVA,
        [SERVERS]: NO_NOVA,
        'copyToStore is Forbidden for read-only credentials': 'that there is nothing to copy is told first',
      },
    },
  )

  it('has no effect on an image with data for upload, import and copyToStore', async () => {
    const id = await create(source, 'imago refused')
    await getValue(perform(source, 'upload', id, createByteSource(new Uint8Array(10))))
    expect((await getError(perform(make(), 'copyToStore', id, { stores })))._tag).toBe('Forbidden')
    expect((await getError(perform(make(), 'upload', id, createByteSource(new Uint8Array(10)))))._tag).toBe('Conflict')
  })
})

const listIds = (images: readonly Image[]): readonly string[] => images.map(({ ref }) => ref.id)
const listed = async (at: ImageSource, query: Query, pageSize?: number): Promise<readonly string[]> =>
  listIds((await getValue(listAll(at, query, { pageSize }))).items)

describe('listing a real Glance', () => {
  it.each(NAMES)('returns exactly the images named %j', async (name) => {
    const names = (await getValue(listAll(source, { name }))).items.map((image) => image.name)
    expect(names).toEqual([name])
  })

  it('sends several tags for every page, although Glance’s links keep only one', async () => {
    const both = new Set<string>()
    for (const tags of [['p', 'q'], ['q'], ['p', 'q'], ['p'], ['q', 'p']]) {
      const id = await create(source, 'imago tags', { tags })
      if (tags.length === 2) both.add(id)
    }
    expect(new Set(await listed(source, { tags: { all: ['p', 'q'] } }, 1))).toEqual(both)
  })

  it('continues after images were deleted between two pages', async () => {
    const ids: string[] = []
    for (let index = 0; index < 6; index++) ids.push(await create(source, 'imago vanishing'))
    const seen: string[] = []
    let isFirst = true
    for await (const page of pages(source, { name: 'imago vanishing' }, { pageSize: 3 })) {
      if (E.isLeft(page)) throw new Error(page.left.what)
      seen.push(...listIds(page.right.items))
      if (isFirst) for (const id of seen.slice(1)) await getValue(perform(source, 'delete', id))
      isFirst = false
    }
    expect(new Set(seen)).toEqual(new Set(ids))
  })

  it('includes each hidden image once for any page size', async () => {
    const all = await listed(source, { hidden: 'include' })
    expect(new Set(all).size).toBe(all.length)
    const parts = [...(await listed(source, {})), ...(await listed(source, { hidden: 'only' }))]
    expect(new Set(all)).toEqual(new Set(parts))
    expect(new Set(await listed(source, { hidden: 'include' }, 4))).toEqual(new Set(all))
  })

  it('includes an unaccepted share only on request', async () => {
    const id = await create(source, 'imago invitation', { visibility: 'shared' })
    await getValue(perform(source, 'share', id, { action: 'invite', project: lab.projects.other }))
    expect(await listed(guest, {})).not.toContain(id)
    expect(await listed(guest, { visibility: 'shared' })).toContain(id)
  })

  it('returns the same IDs as plain requests', async () => {
    const api = createOpenstackApi(optionsFor(demo))
    const plain: string[] = []
    for (let marker: string | null = null; ;) {
      const page: { readonly items: readonly { readonly id: string }[]; readonly marker: string | null } =
        await getValue(api.images.list({ limit: 7, marker }))
      plain.push(...page.items.map(({ id }) => id))
      if (page.marker === null) break
      marker = page.marker
    }
    expect(await listed(source, {}, 5)).toEqual(plain)
  })
})

describe('changing images of a real Glance', () => {
  it('sends only differences', async () => {
    const id = await create(source, 'imago differences', {
      tags: ['a', 'b'],
      properties: { kept: '1', changed: '1', removed: '1', 'a/b~c': '1' },
      description: 'd',
    })
    const intercepted: InterceptedRequest[] = []
    const options = optionsFor(demo)
    const dry = createOpenstackSource({
      ...options,
      connection: { ...options.connection, intercept: (request) => intercepted.push(request) },
    })
    const same = {
      name: 'imago differences',
      tags: ['b', 'a'],
      properties: { kept: '1', absent: null },
      description: 'd',
      minDisk: 0,
    }
    await getValue(perform(dry, 'update', id, same))
    expect(intercepted).toEqual([])
    const answer = await perform(dry, 'update', id, {
      ...same,
      name: 'other',
      properties: { kept: '1', changed: '2', removed: null, 'a/b~c': null },
    })()
    expect(E.isLeft(answer) && answer.left._tag).toBe('Aborted')
    expect(intercepted.map(({ body }) => body)).toEqual([
      {
        json: [
          { op: 'replace', path: '/name', value: 'other' },
          { op: 'add', path: '/changed', value: '2' },
          { op: 'remove', path: '/removed' },
          { op: 'remove', path: '/a~1b~0c' },
        ],
      },
    ])
  })

  it('lets concurrent removals of the same property succeed', async () => {
    const id = await create(source, 'imago race', { properties: { contested: '1' } })
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        getValue(perform(source, 'update', id, { properties: { contested: null, [`by_${index}`]: '1' } })),
      ),
    )
    // Each client sees its own change. Glance rewrites all properties, so a concurrent patch may be lost.
    expect(all.map(({ properties }, index) => properties[`by_${index}`])).toEqual(Array.from({ length: 6 }, () => '1'))
    expect((await getValue(source.get(id))).properties).not.toHaveProperty('contested')
  })

  it('names field and reason of values that Glance would reject or misinterpret', async () => {
    const id = await create(source, 'imago refusals')
    const before = await getValue(source.get(id))
    const refused = async (changes: Parameters<NonNullable<ImageSource['update']>>[1]): Promise<unknown> => {
      const answer = await perform(source, 'update', id, changes)()
      return E.isLeft(answer) && [answer.left._tag, answer.left.what]
    }
    expect(await refused({ properties: { os_glance_x: '1' } })).toEqual([
      'Rejected',
      'os_glance_x is reserved by Glance',
    ])
    expect(await refused({ properties: { status: 'active' } })).toEqual([
      'Rejected',
      'status is a field of Glance, not a property',
    ])
    expect(await refused({ properties: { 'name ': 'x' } })).toEqual([
      'Rejected',
      'the name of the property "name " begins or ends with a space',
    ])
    expect(await refused({ minDisk: 2 ** 62 })).toEqual(['Rejected', `invalid minDisk: ${2 ** 62}`])
    expect(await refused({ name: '😀' })).toEqual(['Rejected', expect.stringContaining('4 byte unicode')])
    expect(await getValue(source.get(id))).toEqual(before)
  })
})

describe('operations of a real Glance', () => {
  const api = createOpenstackApi(optionsFor(demo))
  const finish = (operationId: string): ReturnType<ReturnType<typeof waitFor>> =>
    waitFor(createErrorSite(source.cloud, 'wait'), perform(source, 'operation', operationId), {
      intervalMs: 100,
      deadlineMs: 30_000,
      clock: systemTiming.clock,
      sleep: systemTiming.sleep,
    })()

  it('report a successful import', async () => {
    const id = await create(source, 'imago import', { diskFormat: 'raw' })
    const origin = await disposable()
    made.push(origin)
    await getValue(api.imports.start(id, { name: 'glance-download', imageId: origin, region: lab.region }))
    const [operation] = await getValue(perform(source, 'operations', id))
    expect(operation).toMatchObject({ kind: 'api_image_import', error: null })
    expect(await finish(operation?.id ?? '')).toMatchObject({
      _tag: 'Right',
      right: { status: 'success', finishedAt: expect.any(String) },
    })
    expect((await getValue(source.get(id))).status).toBe('available')
  })

  it('report a failed import, and the image is queued again', async () => {
    const id = await create(source, 'imago failing import')
    await getValue(api.imports.start(id, { name: 'glance-download', imageId: id, region: 'Nowhere' }))
    const [operation] = await getValue(perform(source, 'operations', id))
    expect(await finish(operation?.id ?? '')).toMatchObject({ _tag: 'Left', left: { _tag: 'Rejected' } })
    expect((await getValue(source.get(id))).providerStatus).toBe('queued')
    expect((await getValue(perform(source, 'operations', id)))[0]).toMatchObject({
      status: 'error',
      error: expect.any(String),
    })
  })
})

describe('probe of a real Glance', () => {
  it('detects a missing Nova', async () => {
    expect((await getValue(source.probe())).operations).toEqual(
      capabilities.operations.filter((name) => name !== 'createFromServer' && name !== 'servers'),
    )
  })

  it('detects that a reader cannot change images', async () => {
    const { operations, changes } = await getValue(createOpenstackSource(optionsFor(reader)).probe())
    expect(operations).toEqual([
      'owner',
      'shares',
      'download',
      'uploadLimits',
      'orphans',
      'operations',
      'operation',
      'usage',
    ])
    expect(changes).toEqual([])
  })
})
