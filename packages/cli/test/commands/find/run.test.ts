import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { bareImage, createMemorySource } from '@imago/testkit'
import { find } from '../../../src/commands/find/run.ts'
import type { FindImageOptions } from '../../../src/commands/find/options.ts'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, openstackCloud, sourceAmong } from '../../live.ts'

const of =
  (...images: readonly Image[]) =>
  (target: ProviderCloud): ImageSource =>
    createMemorySource({ images, cloud: toIdentity(target) })

const USABLE: Partial<Image> = { kind: 'image', status: 'available' }

const prod = of(
  bareImage('1', {
    ...USABLE,
    name: 'ubuntu',
    architecture: 'x86_64',
    createdAt: '2026-01-01T00:00:00Z',
    labels: { env: 'prod' },
  }),
  bareImage('2', { ...USABLE, name: 'ubuntu', architecture: 'aarch64', createdAt: '2026-01-01T00:00:00.5Z' }),
  bareImage('3', { ...USABLE, name: null, description: 'nightly', createdAt: null, labels: { env: 'prod' } }),
)
const one = of(bareImage('a', { ...USABLE, name: 'ubuntu', createdAt: '2026-05-01T00:00:00Z' }))
const two = of(bareImage('b', { ...USABLE, name: 'debian', createdAt: '2026-02-01T00:00:00Z' }))
const down = (target: ProviderCloud) =>
  unavailable(createErrorSite(toIdentity(target), 'login'), { what: 'no connection' })

const run = async (place: string | undefined, options: Partial<FindImageOptions> = {}, sources = {}) => {
  const live = memoryLive({
    clouds: [hetznerCloud('prod'), openstackCloud('lab', ['one', 'two'])],
    open: sourceAmong({ prod, 'lab@one': one, 'lab@two': two, ...sources }),
  })
  const code = await find(place, { output: 'id', ...options }, live)
  return { code, text: live.output.text() }
}

describe('one image', () => {
  it.each<[string | undefined, Partial<FindImageOptions>, string]>([
    ['prod:1', {}, '1\n'],
    ['prod:nightly', {}, '3\n'],
    ['prod:ubuntu', { arch: 'arm64' }, '2\n'],
    ['prod:ubuntu', { newest: true }, '2\n'],
    ['prod:ubuntu', { first: true }, '1\n'],
    ['prod:ubuntu', { all: true }, '1\n2\n'],
    ['lab:debian', {}, 'b\n'],
    ['lab:debian', { output: 'address' }, 'openstack/lab@two:id:b\n'],
    [undefined, { name: 'debian' }, 'b\n'],
    [undefined, { name: 'ubuntu', newest: true }, 'a\n'],
    [undefined, { name: 'ubuntu', cloud: ['prod'], newest: true }, '2\n'],
    [undefined, { label: ['env=prod'], cloud: ['prod'], newest: true }, '1\n'],
    [undefined, { arch: 'amd64' }, '1\n'],
    [undefined, { name: 'ubuntu', first: true }, '1\n'],
    [
      undefined,
      { name: 'ubuntu', all: true, output: 'address' },
      'hetzner/prod:id:1\nhetzner/prod:id:2\nopenstack/lab@one:id:a\n',
    ],
  ])('prints the ID or the requested fields: %s %j', async (place, options, text) =>
    expect(await run(place, options)).toEqual({ code: EXIT.done, text }),
  )

  it.each<[string | undefined, Partial<FindImageOptions>]>([
    ['prod:ubuntu', { newest: true, output: 'json' }],
    [undefined, { name: 'ubuntu', cloud: ['prod'], newest: true, output: 'json' }],
    ['prod:2', { output: 'ndjson' }],
  ])('prints the complete image: %s %j', async (place, options) => {
    const { text } = await run(place, options)
    const document = JSON.parse(text) as { readonly images?: readonly unknown[] }
    expect(document.images?.[0] ?? document).toMatchObject({
      ref: { provider: 'hetzner', cloud: 'prod', id: '2' },
      architecture: 'aarch64',
    })
  })
})

describe('imago find', () => {
  it('find --all prints all matching images', async () => {
    const { text } = await run(undefined, { name: 'ubuntu', all: true, output: 'ndjson' })
    const images = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Image)
    expect(images.map(({ ref, createdAt, labels }) => ({ id: ref.id, createdAt, labels }))).toEqual([
      { id: '1', createdAt: '2026-01-01T00:00:00Z', labels: { env: 'prod' } },
      { id: '2', createdAt: '2026-01-01T00:00:00.5Z', labels: {} },
      { id: 'a', createdAt: '2026-05-01T00:00:00Z', labels: {} },
    ])
  })

  describe('no unique image', () => {
    it('prints the addresses of several images in different clouds', async () => {
      await expect(run(undefined, { name: 'ubuntu' })).rejects.toMatchObject({
        exitCode: EXIT.notFound,
        lines:
          'hetzner/prod:id:1  ubuntu  x86_64  2026-01-01T00:00:00Z\nhetzner/prod:id:2  ubuntu  aarch64  2026-01-01T00:00:00.5Z\nopenstack/lab@one:id:a  ubuntu  2026-05-01T00:00:00Z',
      })
    })

    it('prints the addresses of several images of a cloud', async () => {
      await expect(run('prod:ubuntu')).rejects.toMatchObject({
        exitCode: EXIT.notFound,
        message: '2 images match. Name one of these, add a filter, or use --newest, --first or --all',
        lines:
          'hetzner/prod:id:1  ubuntu  x86_64  2026-01-01T00:00:00Z\nhetzner/prod:id:2  ubuntu  aarch64  2026-01-01T00:00:00.5Z',
      })
    })

    it('reports that no image matches', async () => {
      await expect(run('prod:nothing')).rejects.toMatchObject({
        exitCode: EXIT.notFound,
        message: expect.stringMatching(/image not found: prod:nothing/),
      })
      await expect(run('prod:ubuntu', { arch: ['ppc64le', 's390x'] })).rejects.toMatchObject({
        exitCode: EXIT.notFound,
        message: expect.stringMatching(/with --arch ppc64le --arch s390x\. Change or omit --arch$/),
      })
      await expect(run(undefined, { name: 'nothing', all: true })).rejects.toMatchObject({ exitCode: EXIT.notFound })
    })

    it('fails if a cloud cannot be read', async () => {
      await expect(run(undefined, { name: 'ubuntu', newest: true }, { 'lab@two': down })).rejects.toMatchObject({
        exitCode: EXIT.temporary,
      })
      await expect(run('lab:ubuntu', {}, { 'lab@two': down })).rejects.toMatchObject({ exitCode: EXIT.temporary })
      expect(await run('lab@one:ubuntu', {}, { 'lab@two': down })).toEqual({ code: EXIT.done, text: 'a\n' })
    })

    it.each<[string | undefined, Partial<FindImageOptions>]>([
      [undefined, {}],
      [undefined, { cloud: ['prod'] }],
      ['prod:ubuntu', { os: 'ubuntu' }],
      ['prod:ubuntu', { mine: true }],
      ['prod:ubuntu', { cloud: ['prod'] }],
      ['prod:ubuntu', { newest: true, all: true }],
      ['ubuntu', {}],
    ])('refuses %s %j as a usage error', async (place, options) => {
      await expect(run(place, options)).rejects.toMatchObject({ exitCode: EXIT.usage })
    })
  })

  describe('--newest', () => {
    const at = (createdAt: string, fields: Partial<Image> = {}): Partial<Image> => ({
      ...USABLE,
      name: 'debian',
      createdAt,
      ...fields,
    })
    const mixed = of(
      bareImage('old', at('2026-01-01T00:00:00Z')),
      bareImage('new', at('2026-02-01T00:00:00Z')),
      bareImage('being-made', at('2026-03-01T00:00:00Z', { status: 'pending' })),
      bareImage('snapshot', at('2026-04-01T00:00:00Z', { kind: 'snapshot' })),
      bareImage('backup', at('2026-05-01T00:00:00Z', { kind: 'backup' })),
    )
    const of2 = (options: Partial<FindImageOptions>, place?: string) =>
      run(
        place,
        { newest: true, ...(place === undefined ? { name: 'debian', cloud: ['prod'] } : {}), ...options },
        { prod: mixed },
      )

    it.each<[Partial<FindImageOptions>, string]>([
      [{}, 'new\n'],
      [{ kind: 'snapshot' }, 'snapshot\n'],
      [{ kind: ['image', 'snapshot', 'backup'] }, 'backup\n'],
      [{ status: ['available', 'pending'] }, 'being-made\n'],
    ])('picks an image with %j', async (options, text) => {
      expect((await of2(options)).text).toBe(text)
      expect((await of2(options, 'prod:debian')).text).toBe(text)
    })

    it('reports that only other images match', async () => {
      const only = of(bareImage('1', at('2026-01-01T00:00:00Z', { kind: 'backup' })))
      const message =
        'no image matches among available images of kind system, app or image. To include other kinds, add --kind'
      await expect(
        run(undefined, { name: 'debian', cloud: ['prod'], newest: true }, { prod: only }),
      ).rejects.toMatchObject({ exitCode: EXIT.notFound, message })
    })

    it('is ambiguous if several kinds match, unless --kind is given', async () => {
      const kinds = of(
        bareImage('s', at('2026-01-01T00:00:00Z', { kind: 'system' })),
        bareImage('a1', at('2026-02-01T00:00:00Z', { kind: 'app' })),
        bareImage('a2', at('2026-03-01T00:00:00Z', { kind: 'app' })),
      )
      const asked = (options: Partial<FindImageOptions>) =>
        run(undefined, { name: 'debian', cloud: ['prod'], newest: true, ...options }, { prod: kinds })
      await expect(asked({})).rejects.toMatchObject({
        exitCode: EXIT.notFound,
        message: 'images of 2 kinds match: system, app. Add --kind to choose among the newest images of each kind',
        lines: expect.stringMatching(/:id:s .*\n.*:id:a2 /),
      })
      expect((await asked({ kind: 'app' })).text).toBe('a2\n')
      expect((await asked({ kind: ['app', 'system'] })).text).toBe('a2\n')
    })
  })
})
