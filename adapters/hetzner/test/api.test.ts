import { describe, expect, it } from '@jest/globals'
import type { ImageResult } from '@imago/core/provider'
import { createHetznerApi, type HetznerApi } from '../src/index.ts'
import { getError, optionsFor, serveApi, TOKEN, getValue } from './local-api.ts'

const image = { id: 7, type: 'snapshot', description: 'golden' }
const action = {
  id: 13,
  command: 'create_image',
  status: 'running',
  progress: 0,
  error: { code: 'action_failed', message: 'Action failed' },
}
const server = { id: 42, name: 'web-1', cores: 2 }
const sshKey = { id: 3, name: 'ops', public_key: 'ssh-ed25519 AAAA', labels: {} }
const labels = { role: 'web', 'example.test/build': '1' }

interface Case {
  readonly call: (api: HetznerApi) => ImageResult<unknown>
  readonly request: string
  /** The body sent; `null`: none. */
  readonly body?: unknown
  readonly answer: unknown
  readonly gives: unknown
}

const page = (key: string, record: unknown) => ({
  [key]: [record, { no: 'id' }],
  meta: { pagination: { next_page: 2 } },
})
const pageWith = (record: unknown, key: string) => ({
  items: [record],
  rejected: [
    {
      provider: 'hetzner',
      pointer: `/${key}/1`,
      issues: [expect.objectContaining({ pointer: `/${key}/1/id`, got: 'nothing' })],
      raw: { no: 'id' },
    },
  ],
  pagination: { next_page: 2 },
})

/** Every call, its request, and its result. */
const CASES: readonly Case[] = [
  {
    call: ({ images }) => images.list(),
    request: 'GET /images',
    answer: page('images', image),
    gives: pageWith(image, 'images'),
  },
  {
    call: ({ images }) =>
      images.list({
        sort: ['created:desc', 'id'],
        type: ['snapshot', 'backup'],
        status: ['available'],
        bound_to: [42, 43],
        include_deprecated: true,
        name: 'a&b',
        label_selector: 'env==prod,role',
        architecture: 'arm',
        page: 2,
        per_page: 50,
      }),
    request:
      'GET /images?sort=created%3Adesc&sort=id&type=snapshot&type=backup&status=available&bound_to=42&bound_to=43&include_deprecated=true&name=a%26b&label_selector=env%3D%3Dprod%2Crole&architecture=arm&page=2&per_page=50',
    answer: { images: [] },
    gives: { items: [], rejected: [], pagination: {} },
  },
  { call: ({ images }) => images.get(7), request: 'GET /images/7', answer: { image }, gives: image },
  {
    call: ({ images }) => images.update(7, { description: '', type: 'snapshot', labels }),
    request: 'PUT /images/7',
    body: { description: '', type: 'snapshot', labels },
    answer: { image },
    gives: image,
  },
  {
    call: ({ images }) => images.update(7, { type: 'snapshot' }),
    request: 'PUT /images/7',
    body: { type: 'snapshot' },
    answer: { image },
    gives: image,
  },
  { call: ({ images }) => images.remove(7), request: 'DELETE /images/7', answer: undefined, gives: undefined },
  {
    call: ({ images }) => images.changeProtection(7, { delete: true }),
    request: 'POST /images/7/actions/change_protection',
    body: { delete: true },
    answer: { action },
    gives: action,
  },
  {
    call: ({ images }) =>
      images.actions(7, { sort: ['started:desc'], status: ['running', 'error'], page: 1, per_page: 25 }),
    request: 'GET /images/7/actions?sort=started%3Adesc&status=running&status=error&page=1&per_page=25',
    answer: page('actions', action),
    gives: expect.objectContaining({ items: [action] }),
  },
  {
    call: ({ images }) => images.allActions({ id: [13, 14] }),
    request: 'GET /images/actions?id=13&id=14',
    answer: { actions: [action] },
    gives: { items: [action], rejected: [], pagination: {} },
  },
  { call: ({ images }) => images.action(13), request: 'GET /images/actions/13', answer: { action }, gives: action },
  { call: ({ actions }) => actions.get(13), request: 'GET /actions/13', answer: { action }, gives: action },
  {
    call: ({ actions }) => actions.list([13, 14]),
    request: 'GET /actions?id=13&id=14',
    answer: { actions: [action, { id: 'x' }] },
    gives: { items: [action], rejected: [expect.objectContaining({ pointer: '/actions/1' })] },
  },
  {
    call: ({ isos }) =>
      isos.list({ name: 'FreeBSD', architecture: 'x86', include_architecture_wildcard: true, page: 1 }),
    request: 'GET /isos?name=FreeBSD&architecture=x86&include_architecture_wildcard=true&page=1',
    answer: page('isos', { id: 1 }),
    gives: pageWith({ id: 1 }, 'isos'),
  },
  { call: ({ isos }) => isos.get(1), request: 'GET /isos/1', answer: { iso: { id: 1 } }, gives: { id: 1 } },
  {
    call: ({ servers }) =>
      servers.list({ name: 'web-1', label_selector: 'role', sort: ['name'], status: ['off'], per_page: 50 }),
    request: 'GET /servers?name=web-1&label_selector=role&sort=name&status=off&per_page=50',
    answer: page('servers', server),
    gives: pageWith(server, 'servers'),
  },
  { call: ({ servers }) => servers.get(42), request: 'GET /servers/42', answer: { server }, gives: server },
  {
    call: ({ servers }) =>
      servers.create({
        name: 'helper',
        server_type: 'cx23',
        image: 7,
        location: 'fsn1',
        ssh_keys: [3],
        labels,
        start_after_create: false,
        user_data: '#!/bin/sh',
        public_net: { enable_ipv4: true, enable_ipv6: false },
        networks: [1],
        firewalls: [{ firewall: 2 }],
      }),
    request: 'POST /servers',
    body: {
      name: 'helper',
      server_type: 'cx23',
      image: 7,
      location: 'fsn1',
      ssh_keys: [3],
      labels,
      start_after_create: false,
      user_data: '#!/bin/sh',
      public_net: { enable_ipv4: true, enable_ipv6: false },
      networks: [1],
      firewalls: [{ firewall: 2 }],
    },
    answer: { server, action, next_actions: [action], root_password: null },
    gives: { server, action, nextActions: [action], rootPassword: null },
  },
  {
    call: ({ servers }) => servers.create({ name: 'helper', server_type: 1, image: 'ubuntu-24.04' }),
    request: 'POST /servers',
    body: { name: 'helper', server_type: 1, image: 'ubuntu-24.04' },
    answer: { server },
    gives: { server, action: null, nextActions: [], rootPassword: null },
  },
  { call: ({ servers }) => servers.remove(42), request: 'DELETE /servers/42', answer: { action }, gives: action },
  {
    call: ({ servers }) => servers.createImage(42, { type: 'backup', description: 'nightly', labels }),
    request: 'POST /servers/42/actions/create_image',
    body: { type: 'backup', description: 'nightly', labels },
    answer: { image, action },
    gives: { image, action },
  },
  {
    call: ({ servers }) => servers.createImage(42, {}),
    request: 'POST /servers/42/actions/create_image',
    body: {},
    answer: { image },
    gives: { image, action: null },
  },
  {
    call: ({ servers }) => servers.rebuild(42, { image: 7, user_data: 'x' }),
    request: 'POST /servers/42/actions/rebuild',
    body: { image: 7, user_data: 'x' },
    answer: { action, root_password: null },
    gives: { action, rootPassword: null },
  },
  {
    call: ({ servers }) => servers.enableRescue(42, { type: 'linux64', ssh_keys: [3] }),
    request: 'POST /servers/42/actions/enable_rescue',
    body: { type: 'linux64', ssh_keys: [3] },
    answer: { action },
    gives: { action, rootPassword: null },
  },
  {
    call: ({ servers }) => servers.disableRescue(42),
    request: 'POST /servers/42/actions/disable_rescue',
    answer: { action },
    gives: action,
  },
  {
    call: ({ servers }) => servers.powerOn(42),
    request: 'POST /servers/42/actions/poweron',
    answer: { action },
    gives: action,
  },
  {
    call: ({ servers }) => servers.powerOff(42),
    request: 'POST /servers/42/actions/poweroff',
    answer: { action },
    gives: action,
  },
  {
    call: ({ servers }) => servers.shutDown(42),
    request: 'POST /servers/42/actions/shutdown',
    answer: { action },
    gives: action,
  },
  {
    call: ({ servers }) => servers.reset(42),
    request: 'POST /servers/42/actions/reset',
    answer: { action },
    gives: action,
  },
  {
    call: ({ servers }) => servers.attachIso(42, 'debian-13-netinst.iso'),
    request: 'POST /servers/42/actions/attach_iso',
    body: { iso: 'debian-13-netinst.iso' },
    answer: { action },
    gives: action,
  },
  {
    call: ({ servers }) => servers.detachIso(42),
    request: 'POST /servers/42/actions/detach_iso',
    answer: { action },
    gives: action,
  },
  {
    call: ({ serverTypes }) => serverTypes.list({ name: 'cx23' }),
    request: 'GET /server_types?name=cx23',
    answer: { server_types: [{ id: 1, disk: 40 }] },
    gives: { items: [{ id: 1, disk: 40 }], rejected: [], pagination: {} },
  },
  {
    call: ({ serverTypes }) => serverTypes.get(1),
    request: 'GET /server_types/1',
    answer: { server_type: { id: 1, disk: 40 } },
    gives: { id: 1, disk: 40 },
  },
  {
    call: ({ sshKeys }) =>
      sshKeys.list({ sort: ['name:asc'], name: 'ops', fingerprint: 'b7:2f', label_selector: 'team=ops' }),
    request: 'GET /ssh_keys?sort=name%3Aasc&name=ops&fingerprint=b7%3A2f&label_selector=team%3Dops',
    answer: page('ssh_keys', sshKey),
    gives: pageWith(sshKey, 'ssh_keys'),
  },
  {
    call: ({ sshKeys }) => sshKeys.create({ name: 'ops', public_key: 'ssh-ed25519 AAAA', labels }),
    request: 'POST /ssh_keys',
    body: { name: 'ops', public_key: 'ssh-ed25519 AAAA', labels },
    answer: { ssh_key: sshKey },
    gives: sshKey,
  },
  { call: ({ sshKeys }) => sshKeys.get(3), request: 'GET /ssh_keys/3', answer: { ssh_key: sshKey }, gives: sshKey },
  {
    call: ({ sshKeys }) => sshKeys.update(3, { name: 'dev' }),
    request: 'PUT /ssh_keys/3',
    body: { name: 'dev' },
    answer: { ssh_key: sshKey },
    gives: sshKey,
  },
  { call: ({ sshKeys }) => sshKeys.remove(3), request: 'DELETE /ssh_keys/3', answer: undefined, gives: undefined },
  {
    call: ({ locations }) => locations.list({ sort: ['id'] }),
    request: 'GET /locations?sort=id',
    answer: { locations: [{ id: 1, name: 'fsn1' }] },
    gives: { items: [{ id: 1, name: 'fsn1' }], rejected: [], pagination: {} },
  },
  {
    call: ({ locations }) => locations.get(1),
    request: 'GET /locations/1',
    answer: { location: { id: 1, name: 'fsn1' } },
    gives: { id: 1, name: 'fsn1' },
  },
  {
    call: ({ pricing }) => pricing.get(),
    request: 'GET /pricing',
    answer: { pricing: { image: { price_per_gb_month: { net: '0.0110', gross: '0.0131' } } } },
    gives: { image: { price_per_gb_month: { net: '0.0110', gross: '0.0131' } } },
  },
]

describe('createHetznerApi', () => {
  it('CASES contains every call', () => {
    const seen = new Set<string>()
    const spying = (name: string): unknown =>
      new Proxy({}, { get: (_, method) => () => void seen.add(`${name}.${String(method)}`) })
    const names = Object.keys(createHetznerApi(optionsFor('http://127.0.0.1:1/v1'))) as (keyof HetznerApi)[]
    const spy = Object.fromEntries(names.map((name) => [name, spying(name)])) as unknown as HetznerApi
    for (const { call } of CASES) void call(spy)
    const api = createHetznerApi(optionsFor('http://127.0.0.1:1/v1'))
    expect([...seen].sort()).toEqual(
      names.flatMap((name) => Object.keys(api[name]).map((method) => `${name}.${method}`)).sort(),
    )
  })

  describe('a call of the API', () => {
    it.each(CASES.map((one) => [`${one.request.split('?')[0]} ${JSON.stringify(one.body ?? '')}`, one] as const))(
      'sends %s, and decodes the response',
      async (_, { call, request, body = null, answer, gives }) => {
        const api = await serveApi(() => (answer === undefined ? { status: 204 } : { json: answer }))
        expect(await getValue(call(createHetznerApi(optionsFor(api.url))))).toEqual(gives)
        expect(api.requests()).toEqual([request])
        expect(api.asked[0]?.body).toEqual(body)
        expect(api.asked[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`)
        expect(api.asked[0]?.headers['content-type']).toBe(body === null ? undefined : 'application/json')
      },
    )
  })

  it('actions.list fetches 25 IDs per request, and sends none without IDs', async () => {
    const api = await serveApi(({ target }) => ({
      json: { actions: [...target.matchAll(/id=(\d+)/g)].map(([, id]) => ({ id: Number(id), status: 'success' })) },
    }))
    const { actions } = createHetznerApi(optionsFor(api.url))
    const ids = Array.from({ length: 60 }, (_, index) => index + 1)
    expect((await getValue(actions.list(ids))).items.map(({ id }) => id)).toEqual(ids)
    expect(api.asked.map(({ target }) => [...target.matchAll(/id=/g)].length)).toEqual([25, 25, 10])
    expect(await getValue(actions.list([]))).toEqual({ items: [], rejected: [] })
    expect(api.asked.length).toBe(3)
  })

  it('a password is not in JSON, and returned by reveal', async () => {
    const password = 'zCWbFhnu950dUTko5f40'
    const api = await serveApi(() => ({ json: { action, root_password: password } }))
    const answer = await getValue(createHetznerApi(optionsFor(api.url)).servers.enableRescue(42))
    expect(JSON.stringify(answer)).not.toContain(password)
    expect(answer.rootPassword?.reveal()).toBe(password)
  })

  describe('invalid labels', () => {
    it.each([
      ['images.update', ({ images }: HetznerApi) => images.update(7, { labels: { 'a b': '1' } })],
      [
        'servers.create',
        ({ servers }: HetznerApi) => servers.create({ name: 'a', server_type: 1, image: 1, labels: { a: 'b c' } }),
      ],
      ['servers.createImage', ({ servers }: HetznerApi) => servers.createImage(42, { labels: { '-a': '1' } })],
      [
        'sshKeys.create',
        ({ sshKeys }: HetznerApi) => sshKeys.create({ name: 'a', public_key: 'b', labels: { 'x/': '1' } }),
      ],
      ['sshKeys.update', ({ sshKeys }: HetznerApi) => sshKeys.update(3, { labels: { a: 'x'.repeat(64) } })],
    ])('are rejected without a request by %s', async (operation, call) => {
      const api = await serveApi(() => ({ status: 500 }))
      expect(await getError(call(createHetznerApi(optionsFor(api.url))))).toMatchObject({
        _tag: 'Rejected',
        operation,
        provider: 'hetzner',
        cloud: 'prod',
      })
      expect(api.requests()).toEqual([])
    })
  })

  it('an invalid response is DecodeFailed, with the position', async () => {
    const api = await serveApi(({ target }) =>
      target === '/images/7'
        ? { json: { image: { id: '7' } } }
        : target === '/images/8'
          ? { json: [] }
          : { text: '<html>', headers: { 'content-type': 'text/html' } },
    )
    const { images } = createHetznerApi(optionsFor(api.url))
    expect(await getError(images.get(7))).toMatchObject({
      _tag: 'DecodeFailed',
      operation: 'images.get',
      issues: [{ pointer: '/image/id', got: 'string' }],
      request: { method: 'GET', path: '/v1/images/7', status: 200, requestId: 'a1b2c3' },
    })
    expect(await getError(images.get(8))).toMatchObject({ _tag: 'DecodeFailed' })
    expect(await getError(images.get(9))).toMatchObject({
      _tag: 'DecodeFailed',
      what: 'the response is not valid JSON (content type: text/html)',
    })
  })
})
