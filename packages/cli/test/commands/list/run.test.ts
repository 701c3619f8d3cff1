import { describe, expect, it } from '@jest/globals'
import { aborted, forbidden, rateLimited, createErrorSite, unavailable, type ImageSource } from '@imago/core'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { bareImage, createMemorySource, failingAt, type MemorySourceOptions } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { list } from '../../../src/commands/list/run.ts'
import type { ListOptions } from '../../../src/commands/list/options.ts'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, openstackCloud, sourceAmong, type MemoryLiveOptions } from '../../live.ts'
import { hetzner, HOSTILE } from '../../records.ts'

const of =
  (options: MemorySourceOptions) =>
  (target: ProviderCloud): ImageSource =>
    createMemorySource({ ...options, cloud: toIdentity(target) })

const named = (...names: readonly string[]) =>
  names.map((name) => bareImage(name, { name, createdAt: '2026-01-01T00:00:00Z' }))

const run = async (names: readonly string[], options: Partial<ListOptions>, where: MemoryLiveOptions) => {
  const live = memoryLive(where)
  const code = await list(names, { output: 'table', columns: 'cloud,id', ...options }, live)
  return {
    code,
    rows: live.output.lines().slice(1),
    lines: live.output.lines(),
    text: live.output.text(),
    messages: live.messages.lines(),
  }
}

const two = [hetznerCloud('a'), hetznerCloud('b')]

/** A source that returns its pages only after `until`. */
const late = (source: ImageSource, until: Promise<void>): ImageSource => ({
  ...source,
  listPage:
    (...args) =>
    async () => {
      await until
      return source.listPage(...args)()
    },
})

describe('clouds', () => {
  it('are listed in the order of the configuration, with all of their regions', async () => {
    const sources = {
      a: of({ images: named('1') }),
      'lab@one': of({ images: named('2') }),
      'lab@two': of({ images: named('3') }),
    }
    const where = { clouds: [hetznerCloud('a'), openstackCloud('lab', ['one', 'two'])], open: sourceAmong(sources) }
    expect(await run([], { columns: 'provider,cloud,region,id' }, where)).toMatchObject({
      code: EXIT.done,
      rows: ['hetzner    a      -       1', 'openstack  lab    one     2', 'openstack  lab    two     3'],
      messages: [],
    })
    expect((await run(['lab@two', 'a', 'openstack/lab@two'], {}, where)).rows).toEqual(['lab    3', 'a      1'])
  })

  it('are listed in the order of the arguments, whichever responds first', async () => {
    let answer = (): void => undefined
    const until = new Promise<void>((resolve) => (answer = resolve))
    const second = of({ images: named('3', '4'), pageSize: 1 })
    const sources = {
      a: (target: ProviderCloud) => late(of({ images: named('1', '2'), pageSize: 1 })(target), until),
      b: (target: ProviderCloud) => {
        const source = second(target)
        // The first source responds only after the last page of the second.
        return {
          ...source,
          listPage:
            (...[query, cursor, call]: Parameters<ImageSource['listPage']>) =>
            async () => {
              const page = await source.listPage(query, cursor, call)()
              if (E.isRight(page) && page.right.next === null) answer()
              return page
            },
        }
      },
    }
    expect((await run([], {}, { clouds: two, open: sourceAmong(sources) })).rows).toEqual([
      'a      1',
      'a      2',
      'b      3',
      'b      4',
    ])
  })

  it.each<readonly [string, MemoryLiveOptions['clouds'], boolean]>([
    ['several clouds, on a terminal', two, true],
    ['one cloud, on a terminal', [hetznerCloud('a')], true],
    ['one cloud, in a pipe', [hetznerCloud('a')], false],
  ])('are printed before the listing ends: %s', async (_, clouds, isTerminal) => {
    let go = (): void => undefined
    const until = new Promise<void>((resolve) => (go = resolve))
    const slow = (target: ProviderCloud): ImageSource => {
      const source = of({ images: named('1', '2'), pageSize: 1 })(target)
      return {
        ...source,
        listPage: (query, cursor, call) =>
          (cursor === null ? source : late(source, until)).listPage(query, cursor, call),
      }
    }
    const live = memoryLive({ clouds, open: sourceAmong({ a: slow, b: slow }), isTerminal })
    const listing = list([], { output: 'table', columns: 'id' }, live)
    while (live.output.text() === '') await new Promise((resolve) => setImmediate(resolve))
    expect(live.output.lines()).toEqual(['ID', '1'])
    go()
    expect(await listing).toBe(EXIT.done)
    expect(live.output.lines()).toEqual(['ID', ...clouds.flatMap(() => ['1', '2'])])
  })

  it('are named in a table of several clouds or regions', async () => {
    const sources = {
      a: of({ images: named('1') }),
      b: of({ images: [] }),
      'lab@one': of({ images: [] }),
      'lab@two': of({ images: [] }),
    }
    const head = async (clouds: MemoryLiveOptions['clouds']) => {
      const live = memoryLive({ clouds, open: sourceAmong(sources) })
      await list([], { output: 'table' }, live)
      return live.output.lines()[0]?.split(/\s+/).slice(0, 4)
    }
    expect(await head([hetznerCloud('a')])).toEqual(['PROVIDER', 'ID', 'NAME', 'KIND'])
    expect(await head(two)).toEqual(['PROVIDER', 'CLOUD', 'ID', 'NAME'])
    expect(await head([openstackCloud('lab', ['one', 'two']), hetznerCloud('a')])).toEqual([
      'PROVIDER',
      'CLOUD',
      'REGION',
      'ID',
    ])
  })

  it('are refused if none is configured, one is unknown, or one is ambiguous', async () => {
    await expect(run([], {}, { clouds: [] })).rejects.toMatchObject({
      exitCode: EXIT.error,
      message: expect.stringMatching(/^no cloud is configured/),
    })
    await expect(run(['nowhere'], {}, { clouds: two })).rejects.toMatchObject({ exitCode: EXIT.notFound })
    await expect(run(['a'], {}, { clouds: [hetznerCloud('a'), openstackCloud('a')] })).rejects.toMatchObject({
      exitCode: EXIT.notFound,
      message: expect.stringMatching(/hetzner\/a, openstack\/a/),
    })
  })
})

describe('failures', () => {
  const site = createErrorSite({ provider: 'hetzner', cloud: 'a' }, 'listPage')
  const fine = of({ images: named('2') })
  const failing = (error: Parameters<typeof failingAt>[1]) => ({
    clouds: two,
    open: sourceAmong({ a: of({ images: named('1', '9'), pageSize: 1, fault: failingAt(1, error) }), b: fine }),
  })

  it('reports a cloud that fails, and prints its earlier images and the other clouds', async () => {
    expect(
      await run([], {}, failing(forbidden(site, { what: 'the token may only read servers', reason: 'forbidden' }))),
    ).toMatchObject({
      code: EXIT.error,
      rows: ['a      1', 'b      2'],
      messages: [
        'imago: hetzner/a: list images: the token may only read servers. Use credentials with the required permission',
      ],
    })
  })

  it('ends with 5 if all failures are temporary, else with 1', async () => {
    expect((await run([], {}, failing(unavailable(site, { what: 'HTTP 503' })))).code).toBe(EXIT.temporary)
    expect((await run([], {}, failing(rateLimited(site, { what: 'too many', retryAfterMs: null })))).code).toBe(
      EXIT.temporary,
    )
    const both = failing(unavailable(site, { what: 'HTTP 503' }))
    const broken = { _tag: 'ConfigInvalid', ...site, what: 'no token', hint: 'Add one' } as const
    expect(await run([], {}, { ...both, problems: [broken] })).toMatchObject({
      code: EXIT.error,
      messages: ['imago: hetzner/a: list images: no token. Add one', expect.stringMatching(/HTTP 503/)],
    })
  })

  it('reports a cloud that cannot be opened', async () => {
    const closed = () =>
      unavailable(createErrorSite({ provider: 'hetzner', cloud: 'a' }, 'login'), { what: 'no connection' })
    expect(await run([], {}, { clouds: two, open: sourceAmong({ a: closed, b: fine }) })).toMatchObject({
      code: EXIT.temporary,
      rows: ['b      2'],
    })
  })

  it('ends with 130 on Ctrl-C', async () => {
    const controller = new AbortController()
    const stopping = (target: ProviderCloud): ImageSource => ({
      ...fine(target),
      listPage: () => () => {
        controller.abort()
        return Promise.resolve(E.left(aborted(site)))
      },
    })
    expect(
      (await run([], {}, { clouds: two, open: sourceAmong({ a: stopping, b: fine }), signal: controller.signal })).code,
    ).toBe(EXIT.interrupted)
  })

  it('reports unreadable records, and unexpected values', async () => {
    const source = (target: ProviderCloud): ImageSource => {
      const read = (record: unknown) => hetznerReader.read(record, { cloud: 'a', region: null, pointer: '/images/0' })
      const bad = read({ id: null })
      const odd = read(hetzner({ shelf: 1 }))
      if (E.isRight(bad) || E.isLeft(odd)) throw new Error('the reader has changed')
      return {
        ...fine(target),
        listPage: () => () =>
          Promise.resolve(
            E.right({ items: [odd.right.image], rejected: [bad.left], drift: odd.right.drift, next: null }),
          ),
      }
    }
    const where = { clouds: [hetznerCloud('a')], open: sourceAmong({ a: source }) }
    expect(await run([], {}, where)).toMatchObject({
      code: EXIT.findings,
      rows: ['a      322189934'],
      messages: [
        'hetzner/a: /images/0/id: expected integer from 0 to 2^53-1, got null',
        '1 image, 1 rejected, 1 difference from the known API (for details: imago list -o ndjson | jq .raw | imago drift)',
      ],
    })
    expect((await run([], { quiet: true, columns: undefined }, where)).messages).toHaveLength(1)
    expect((await run([], { columns: 'architecture', evidence: true }, where)).rows).toEqual(['x86_64'])
    const lines = (await run([], { output: 'ndjson', evidence: true, columns: undefined }, where)).text
    expect(JSON.parse(lines)).toMatchObject({
      raw: { shelf: 1 },
      evidence: { architecture: 'declared', 'size.minDisk': 'inferred' },
    })
  })
})

describe('selection', () => {
  const images = [
    bareImage('1', {
      name: 'b',
      architecture: 'aarch64',
      labels: { env: 'prod' },
      createdAt: '2026-11-22T11:00:00Z',
      size: { stored: 9, virtual: null, minDisk: null, minRam: null },
    }),
    bareImage('2', {
      name: 'a',
      architecture: 'x86_64',
      labels: { env: 'test', team: 'x' },
      createdAt: '2026-10-01T00:00:00Z',
      size: { stored: 10, virtual: null, minDisk: null, minRam: null },
    }),
    bareImage('3', {
      name: null,
      hidden: true,
      deprecatedAt: '2026-01-01T00:00:00Z',
      os: { family: 'linux', distro: 'almalinux', version: '9', defaultUser: null },
    }),
  ]
  const where: MemoryLiveOptions = { clouds: [hetznerCloud('a')], open: sourceAmong({ a: of({ images }) }) }
  const ids = async (options: Partial<ListOptions>) => (await run([], { columns: 'id', ...options }, where)).rows

  it.each<[Partial<ListOptions>, readonly string[]]>([
    [{}, ['1', '2']],
    [{ hidden: true }, ['1', '2', '3']],
    [{ hidden: 'only', os: 'alma', deprecated: true }, ['3']],
    [{ deprecated: false }, ['1', '2']],
    [{ arch: 'arm64' }, ['1']],
    [{ label: ['env'] }, ['1', '2']],
    [{ label: ['env=test', 'team'] }, ['2']],
    [{ olderThan: '30d' }, ['2']],
    [{ olderThan: '12h' }, ['2']],
    [{ olderThan: '30m' }, ['1', '2']],
    [{ olderThan: '2026-10-01' }, []],
    [{ text: 'B' }, ['1']],
    [{ sort: 'name' }, ['2', '1']],
    [{ sort: 'size.stored:desc' }, ['2', '1']],
    [{ sort: 'name', hidden: true }, ['2', '1', '3']],
    [{ sort: 'name:desc', hidden: true }, ['1', '2', '3']],
    [{ sort: 'createdAt', limit: '1' }, ['2']],
    [{ limit: '1' }, ['1']],
  ])('selects by %j', async (options, expected) => expect(await ids(options)).toEqual(expected))

  it.each<[Partial<ListOptions>, string]>([
    [{ arch: 'arm_64' }, '--arch: unknown value "arm_64". Did you mean arm64?'],
    [{ os: 'ubunut' }, '--os: unknown value "ubunut". Did you mean ubuntu?'],
    [
      { status: 'avialable' },
      '--status: unknown value "avialable" (one of: pending, available, unavailable, failed, deleting, deleted, unknown). Did you mean available?',
    ],
    [{ kind: 'disk' }, '--kind: unknown value "disk" (one of: system, app, snapshot, backup, image, unknown)'],
    [
      { visibility: 'publik' },
      '--visibility: unknown value "publik" (one of: public, private, shared, community, unknown). Did you mean public?',
    ],
    [
      { olderThan: 'yesterday' },
      '--older-than: invalid value "yesterday". Use an age (90m, 12h, 30d, 8w, 6mo, 1y) or a date (2026-01-31, 2026-01-31T12:00:00Z)',
    ],
    [{ label: ['=x'] }, '--label: invalid value "=x": expected a key, found "="'],
    [{ label: 'a b' }, '--label: invalid value "a b": expected ",", found "b". Use key, !key'],
    [{ label: '' }, '--label: invalid value "": expected a key, found nothing'],
    [{ property: '=x' }, '--property: invalid value "=x": no key'],
    [{ tag: 'a,,b' }, '--tag: invalid value "a,,b": empty tag'],
    [{ mine: true, owner: 'me' }, '--mine and --owner cannot be combined'],
    [{ sort: 'nam' }, ' Did you mean name?'],
    [{ sort: 'name:up' }, '--sort: unknown direction "up" (one of: asc, desc)'],
    [{ limit: '0' }, '--limit: invalid value "0". Use a whole number from 1'],
    [{ output: 'json' }, '-o json has all fields; --columns can only add usedBy, createdFrom, cost'],
    [{ output: 'csv', evidence: true }, '--evidence applies only to -o table, json, ndjson and yaml, not to csv'],
    [{ output: 'value', header: false }, '--no-header applies only to -o table and csv: value has no header row'],
  ])('refuses %j: %s', async (options, message) => {
    await expect(run([], options, where)).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringContaining(message),
    })
  })

  it('refuses invalid values before an unknown cloud', async () => {
    await expect(run(['none'], { olderThan: 'abc' }, where)).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringContaining('--older-than: invalid value "abc"'),
    })
  })

  it('--arch accepts the names of a provider if only its clouds are listed', async () => {
    const one = {
      a: of({ images: [bareImage('1', { architecture: 'x86_64' }), bareImage('2', { architecture: 'i686' })] }),
    }
    const mixed = { ...one, lab: of({ images: [] }) }
    expect((await run([], { arch: ['x86'] }, { clouds: [hetznerCloud('a')], open: sourceAmong(one) })).rows).toEqual([
      expect.stringContaining('1'),
    ])
    const clouds = [hetznerCloud('a'), openstackCloud('lab', [null])]
    await expect(run([], { arch: ['x86'] }, { clouds, open: sourceAmong(mixed) })).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: '--arch: ambiguous value "x86": providers use it for i686 and x86_64. Use one of these',
    })
    expect((await run(['a'], { arch: ['x86'] }, { clouds, open: sourceAmong(mixed) })).rows).toHaveLength(1)
  })

  it('--mine selects the images of the session\u2019s project, or private images if images have no owner', async () => {
    const images = [
      bareImage('1', { owner: 'p', visibility: 'public' }),
      bareImage('2', { owner: 'q', visibility: 'public' }),
      bareImage('3', { visibility: 'private' }),
    ]
    const owned = (project: string | null) => (target: ProviderCloud) => ({
      ...createMemorySource({ images, cloud: toIdentity(target) }),
      owner: () => TE.right(project),
    })
    const without = of({ images, without: ['owner'] })
    const listMine = async (source: (target: ProviderCloud) => ImageSource, options: Partial<ListOptions> = {}) =>
      (
        await run(
          [],
          { mine: true, columns: 'id', ...options },
          { clouds: [hetznerCloud('a')], open: sourceAmong({ a: source }) },
        )
      ).rows
    expect(await listMine(owned('p'))).toEqual(['1'])
    expect(await listMine(owned(null))).toEqual([])
    expect(await listMine(without)).toEqual(['3'])
    expect(await listMine(without, { visibility: ['public'] })).toEqual([])
    expect(await listMine(without, { visibility: ['public', 'private'] })).toEqual(['3'])
  })

  it('--limit applies to all clouds together', async () => {
    const open = sourceAmong({ a: of({ images: named('1', '2') }), b: of({ images: named('3', '4') }) })
    expect((await run([], { limit: '3' }, { clouds: two, open })).rows).toEqual(['a      1', 'a      2', 'b      3'])
  })
})

describe('imago list', () => {
  it('list escapes control characters in names, and masks secrets in URLs', async () => {
    const image = bareImage('1', { name: HOSTILE, raw: { direct_url: 'https://user:hunter2@store.example/a' } })
    const where: MemoryLiveOptions = {
      clouds: [hetznerCloud('a')],
      open: sourceAmong({ a: of({ images: [image] }) }),
      isTerminal: true,
    }
    for (const output of ['table', 'json', 'ndjson', 'yaml', 'csv'] as const) {
      const { text } = await run(
        [],
        { output, columns: output === 'table' || output === 'csv' ? 'name,raw' : undefined },
        where,
      )
      expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u2066]/)
      expect(text).not.toMatch(/hunter2/)
    }
  })
})
