import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable } from '@imago/core'
import { bareImage, createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { EXIT } from '../src/exit-code.ts'
import {
  resolveImage,
  parseImageAddress,
  parseServerAddress,
  toNameLookupOptions,
  parseAddress,
  resolveTarget,
} from '../src/resolve-image.ts'
import { Problem } from '../src/problem.ts'
import { providers } from 'imago/clouds'
import { hetznerCloud, memoryLive, openstackCloud, sourceAmong } from './live.ts'

describe('parseAddress', () => {
  it.each([
    ['prod:ubuntu-24.04', 'prod', { idOrName: 'ubuntu-24.04' }],
    ['hetzner/prod:161547269', 'hetzner/prod', { idOrName: '161547269' }],
    ['lab@RegionOne:6c5f', 'lab@RegionOne', { idOrName: '6c5f' }],
    ['prod:id:7', 'prod', { id: '7' }],
    ['prod:name:7', 'prod', { name: '7' }],
    ['prod:a:b', 'prod', { idOrName: 'a:b' }],
    ['prod:name:id:7', 'prod', { name: 'id:7' }],
    ['c:windows', 'c', { idOrName: 'windows' }],
    ['prod:a name/with slash', 'prod', { idOrName: 'a name/with slash' }],
    ['prod:http://x', 'prod', { idOrName: 'http://x' }],
    ['prod:line\nbreak', 'prod', { idOrName: 'line\nbreak' }],
  ])('parses %j as an image', (text, cloud, image) => {
    expect(parseAddress(text)).toEqual(E.right({ kind: 'image', cloud, image }))
  })

  it.each([['https://images.example/a.qcow2?sig=1'], ['swift+https://a:b@c/d'], ['HTTP://a']])(
    'parses %j as a URL',
    (url) => expect(parseAddress(url)).toEqual(E.right({ kind: 'url', url })),
  )

  it.each([['./a'], ['../a:b'], ['/a:b'], ['~/a'], ['.'], ['C:\\a'], ['d:/a'], ['\\\\host\\a']])(
    'parses %j as a file',
    (path) => expect(parseAddress(path)).toEqual(E.right({ kind: 'file', path })),
  )

  it.each([['ubuntu'], [''], [':ubuntu'], ['prod:'], ['prod:id:'], ['prod:name:']])('refuses %j', (text) =>
    expect(E.isLeft(parseAddress(text))).toBe(true),
  )

  it.each([['https://a/b'], ['./a'], ['ubuntu']])('parseImageAddress refuses %j as a usage error', (text) => {
    expect(() => parseImageAddress(text)).toThrow(expect.objectContaining({ exitCode: EXIT.usage }))
  })

  it.each([
    ['web-1', 'invalid server "web-1": the cloud or the server is missing'],
    ['./web-1', 'expected a server, got a file: ./web-1'],
  ])('parseServerAddress refuses %j, and names a server in the error', (text, message) => {
    expect(() => parseServerAddress(text)).toThrow(
      `${message}. Name a server as [provider/]cloud[@region]:server, where server is an ID or a name`,
    )
  })
})

const source =
  (...images: ReturnType<typeof bareImage>[]) =>
  (target: ProviderCloud) =>
    createMemorySource({ cloud: toIdentity(target), images })

const clouds = [hetznerCloud('prod'), openstackCloud('lab', ['one', 'two'])]

const at = async (text: string, sources: Parameters<typeof sourceAmong>[0], arch?: string) => {
  const live = memoryLive({ clouds, open: sourceAmong(sources) })
  return resolveImage(live, parseImageAddress(text), { arch }).then(
    ({ image }) => image.ref,
    (problem: unknown) => {
      if (!(problem instanceof Problem)) throw problem
      return { exitCode: problem.exitCode, message: problem.message, lines: problem.lines }
    },
  )
}

describe('resolveImage', () => {
  it('--arch accepts the architecture names of all providers', () => {
    const [hetzner, openstack] = providers
    expect(toNameLookupOptions({ arch: 'amd64' }, [hetzner, openstack])).toEqual({ architecture: ['x86_64'] })
    expect(toNameLookupOptions({ arch: 'arm64' }, [openstack])).toEqual({ architecture: ['aarch64'] })
    expect(toNameLookupOptions({}, [hetzner])).toEqual({})
    // Hetzner's names, if no other provider is involved.
    expect(toNameLookupOptions({ arch: ['x86', 'arm'] }, [hetzner])).toEqual({ architecture: ['x86_64', 'aarch64'] })
    expect(() => toNameLookupOptions({ arch: 'x86' }, [hetzner, openstack])).toThrow(
      '--arch: ambiguous value "x86": providers use it for i686 and x86_64. Use one of these',
    )
  })

  describe('resolveImage', () => {
    it('finds an image in a cloud without regions', async () => {
      expect(await at('prod:debian', { prod: source(bareImage('7', { name: 'debian' })) })).toEqual({
        provider: 'hetzner',
        cloud: 'prod',
        region: null,
        id: '7',
      })
    })

    it('finds an image in any region', async () => {
      expect(
        await at('lab:debian', { 'lab@one': source(), 'lab@two': source(bareImage('7', { name: 'debian' })) }),
      ).toEqual({ provider: 'openstack', cloud: 'lab', region: 'two', id: '7' })
    })

    it('reports the addresses of images in two regions', async () => {
      const both = source(bareImage('7', { name: 'debian', architecture: 'x86_64' }))
      expect(await at('lab:debian', { 'lab@one': both, 'lab@two': both })).toEqual({
        exitCode: EXIT.notFound,
        message: 'openstack/lab: 2 regions have a matching image. Name one of these',
        lines: 'openstack/lab@one:id:7  debian  x86_64\nopenstack/lab@two:id:7  debian  x86_64',
      })
      expect(await at('lab@two:debian', { 'lab@two': both })).toEqual({
        provider: 'openstack',
        cloud: 'lab',
        region: 'two',
        id: '7',
      })
      expect(await at('openstack/lab@one:id:7', { 'lab@one': both })).toEqual({
        provider: 'openstack',
        cloud: 'lab',
        region: 'one',
        id: '7',
      })
    })

    it('fails when a region cannot be read', async () => {
      const broken = (target: ProviderCloud) =>
        unavailable(createErrorSite(toIdentity(target), 'login'), { what: 'no connection' })
      expect(
        await at('lab:debian', { 'lab@one': source(bareImage('7', { name: 'debian' })), 'lab@two': broken }),
      ).toMatchObject({ exitCode: EXIT.temporary })
    })

    it('selects by architecture among images of the same name', async () => {
      const two = source(
        bareImage('7', { name: 'debian', architecture: 'x86_64' }),
        bareImage('8', { name: 'debian', architecture: 'aarch64' }),
      )
      expect(await at('prod:debian', { prod: two })).toMatchObject({
        exitCode: EXIT.notFound,
        lines: 'hetzner/prod:id:7  debian  x86_64\nhetzner/prod:id:8  debian  aarch64',
      })
      expect(await at('prod:debian', { prod: two }, 'aarch64')).toMatchObject({ id: '8' })
    })

    it('reports an image that is not found', async () => {
      expect(await at('lab:nothing', { 'lab@one': source(), 'lab@two': source() })).toMatchObject({
        exitCode: EXIT.notFound,
        message:
          'image not found: lab:nothing. Check the ID or name, the project and the region; hidden images are found only by ID',
      })
      expect(await at('nowhere:debian', {})).toMatchObject({
        exitCode: EXIT.notFound,
        message: 'cloud not found: nowhere. Configured clouds: prod, lab',
      })
      expect(await at('prd:debian', {})).toMatchObject({
        message: 'cloud not found: prd. Did you mean prod? Configured clouds: prod, lab',
      })
    })
  })

  it('resolveTarget lists the regions when the region is required', () => {
    const live = memoryLive({ clouds })
    expect(toIdentity(resolveTarget(live, 'lab@two'))).toEqual({ provider: 'openstack', cloud: 'lab', region: 'two' })
    expect(() => resolveTarget(live, 'lab')).toThrow(
      'lab has several regions. Name one: openstack/lab@one, openstack/lab@two',
    )
  })
})
