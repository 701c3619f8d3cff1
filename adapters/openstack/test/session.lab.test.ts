import { randomUUID } from 'node:crypto'
import { formatError, createErrorSite } from '@imago/core/provider'
import {
  sendForText,
  createTransport,
  systemTiming,
  toImageErrorFromFailure,
  type HttpClient,
  type HttpRequest,
} from '@imago/http'
import { askLab, logIn, runningLabs } from '@imago/lab'
import { afterAll, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { AuthMethod, KeystoneAuth, OpenstackRegion, Scope } from '../src/options.ts'
import { createOpenstackSession, type OpenstackSession } from '../src/session.ts'

const [lab] = runningLabs(process.env)
const { demo, other, admin } = lab.users
const { id: credentialId, name: credentialName, secret } = lab.applicationCredential

const transport = createTransport()
afterAll(transport.close)

const D = { name: 'Default' }
const project = (name: string): Scope => ({ kind: 'project', project: { name, domain: D } })
const createPassword = ({ name, password }: { readonly name: string; readonly password: string }): AuthMethod => ({
  method: 'password',
  user: { name, domain: D },
  password,
})
const keystone = (methods: readonly AuthMethod[], scope: Scope | null, url = lab.authUrl): KeystoneAuth => ({
  kind: 'keystone',
  url,
  methods,
  scope,
})

interface Open {
  readonly session: OpenstackSession
  /** Tokens in the order of the requests. */
  readonly tokens: string[]
  readonly lines: string[]
  readonly advance: (ms: number) => void
}

const open = (auth: OpenstackRegion['auth'], services: OpenstackRegion['services'] = {}): Open => {
  const tokens: string[] = []
  const lines: string[] = []
  let ahead = 0
  const sending = (request: HttpRequest) => {
    const token = request.headers?.['x-auth-token']
    if (token !== undefined) tokens.push(token)
    return transport.client(request)
  }
  const timing = { ...systemTiming, clock: () => Date.now() + ahead }
  const session = createOpenstackSession({
    name: 'lab',
    region: { name: lab.region, auth, services },
    connection: { transport: sending, userAgent: 'imago/test', timing, log: (line) => void lines.push(line) },
  })
  return { session, tokens, lines, advance: (ms) => void (ahead += ms) }
}

const fetchStatus = async (client: HttpClient, request: HttpRequest): Promise<number | string> => {
  const answer = await sendForText(client)(request)()
  return E.isRight(answer)
    ? answer.right.status
    : formatError(
        toImageErrorFromFailure(answer.left, createErrorSite({ provider: 'openstack', cloud: 'lab' }, 'list')),
      )
}

const LIST: HttpRequest = { method: 'GET', url: '/v2/images', query: [['limit', '1']] }

describe('login at a real Keystone', () => {
  it.each<readonly [string, KeystoneAuth]>([
    ['by password', keystone([createPassword(demo)], project('demo'))],
    [
      'by IDs',
      keystone([{ method: 'password', user: { id: demo.id }, password: demo.password }], {
        kind: 'project',
        project: { id: lab.projects.demo },
      }),
    ],
    ['to the default project', keystone([createPassword(demo)], null)],
    [
      'by application credential',
      keystone([{ method: 'application_credential', credential: { id: credentialId }, secret }], null),
    ],
    [
      'by application credential name, with any scope',
      keystone(
        [
          {
            method: 'application_credential',
            credential: { name: credentialName, user: { name: 'demo', domain: D } },
            secret,
          },
        ],
        project('demo'),
      ),
    ],
    [
      'with an address without a version',
      keystone([createPassword(demo)], project('demo'), lab.authUrl.replace('/v3', '/')),
    ],
    [
      'with an address with the old version',
      keystone([createPassword(demo)], project('demo'), lab.authUrl.replace('/v3', '/v2.0')),
    ],
  ])('succeeds and lists images: %s', async (_, auth) => {
    const { session } = open(auth)
    expect(await session.identity()()).toMatchObject({
      right: {
        user: { id: demo.id, name: 'demo' },
        project: { id: lab.projects.demo },
        roles: expect.arrayContaining(['member']),
      },
    })
    expect(await fetchStatus(session.image, LIST)).toBe(200)
  })

  it('accepts another token', async () => {
    const { token } = await logIn(lab, demo)
    const { session } = open(keystone([{ method: 'token', token }], project('demo')))
    const login = await session.identity()()
    // Keystone keeps them as a set, so the order is irrelevant.
    expect(E.isRight(login) ? login.right.methods.toSorted() : login.left).toEqual(['password', 'token'])
    expect(await fetchStatus(session.image, LIST)).toBe(200)
  })

  it('without a scope reaches only Keystone and configured addresses', async () => {
    const { session } = open(keystone([createPassword(demo)], { kind: 'unscoped' }))
    expect(await fetchStatus(session.keystone, { method: 'GET', url: '/auth/projects' })).toBe(200)
    expect(await fetchStatus(session.image, LIST)).toMatch(/the token came with an empty catalog/)
  })

  it('accepts the system scope', async () => {
    const { session } = open(keystone([createPassword(admin)], { kind: 'system' }))
    expect(await session.identity()()).toMatchObject({ right: { isSystem: true, project: null } })
  })

  it('fails at Glance without a login', async () => {
    expect(
      await fetchStatus(open({ kind: 'none' }, { image: { endpointOverride: lab.imageUrl } }).session.image, LIST),
    ).toBe(401)
  })
})

describe('rejection by a real Keystone', () => {
  it.each<readonly [string, KeystoneAuth, RegExp]>([
    [
      'a wrong password',
      keystone([{ ...createPassword(demo), password: 'wr0ng-p4ss' } as AuthMethod], project('demo')),
      /^openstack\/lab: login: Keystone refused the password of user demo \(domain Default\) for project demo .*HTTP 401/,
    ],
    [
      'an inaccessible project',
      keystone([createPassword(demo)], project('other')),
      /refused .* for project other \(domain Default\)/,
    ],
    [
      'a domain without a role',
      keystone([createPassword(demo)], { kind: 'domain', domain: D }),
      /refused .* for domain Default/,
    ],
    ['an unknown trust', keystone([createPassword(demo)], { kind: 'trust', id: 'nope' }), /refused .* by trust nope/],
    [
      'a wrong secret',
      keystone([{ method: 'application_credential', credential: { id: credentialId }, secret: 'wr0ng-p4ss' }], null),
      /refused the application credential/,
    ],
    [
      'an invalid token',
      keystone([{ method: 'token', token: 'gAAAAAwr0ng-p4ss' }], project('demo')),
      /refused the token/,
    ],
    [
      'a path without a Keystone',
      keystone([createPassword(demo)], project('demo'), lab.authUrl.replace('/v3', '/identity')),
      /no Identity API v3 found at the address/,
    ],
    [
      'the address of a Glance',
      keystone([createPassword(demo)], project('demo'), lab.imageUrl),
      /the server offers v2\.\d+, /,
    ],
  ])('is reported: %s', async (_, auth, message) => {
    const { session, lines } = open(auth)
    const answer = await session.identity()()
    const text = E.isLeft(answer) ? formatError(answer.left) : ''
    expect(text).toMatch(message)
    expect(`${text}${lines.join()}`).not.toMatch(new RegExp(`wr0ng-p4ss|${demo.password}`))
  })

  it('of a write by a reader comes from Glance', async () => {
    const { session } = open(keystone([createPassword(lab.users['demo-reader'])], project('demo')))
    expect(await fetchStatus(session.image, LIST)).toBe(200)
    expect(
      await fetchStatus(session.image, {
        method: 'POST',
        url: '/v2/images',
        body: { kind: 'json', value: { name: 'by-a-reader' } },
      }),
    ).toBe(403)
  })

  it('of an incomplete multi-factor login names the missing methods', async () => {
    const { token } = await logIn(lab, admin)
    const name = `lab-${randomUUID()}`
    const rules = { multi_factor_auth_enabled: true, multi_factor_auth_rules: [['password', 'application_credential']] }
    const made = await askLab(`${lab.authUrl}/users`, {
      method: 'POST',
      token,
      body: { user: { name, password: 'a-first-proof', domain_id: 'default', options: rules } },
    })
    expect(made.status).toBe(201)
    const { user } = made.json() as { readonly user: { readonly id: string } }
    const answer = await open(
      keystone([createPassword({ name, password: 'a-first-proof' })], { kind: 'unscoped' }),
    ).session.identity()()
    await askLab(`${lab.authUrl}/users/${user.id}`, { method: 'DELETE', token })
    expect(answer).toMatchObject({
      left: {
        _tag: 'Unauthorized',
        what: `Keystone accepted the password of user ${name} (domain Default), but requires more auth methods: application_credential`,
      },
    })
  })
})

describe('token of a real Keystone', () => {
  it('is renewed once after its revocation, and the request repeated', async () => {
    const { session, tokens, lines } = open(keystone([createPassword(other)], project('other')))
    const ask = (): Promise<number | string> => fetchStatus(session.keystone, { method: 'GET', url: '/auth/projects' })
    expect(await ask()).toBe(200)
    const [token = ''] = tokens
    expect(
      (await askLab(`${lab.authUrl}/auth/tokens`, { method: 'DELETE', token, headers: { 'x-subject-token': token } }))
        .status,
    ).toBe(204)
    expect(await ask()).toBe(200)
    expect(new Set(tokens).size).toBe(2)
    expect(lines.filter((line) => / 401 /.test(line)).length).toBe(1)
  })

  it('is renewed before it expires', async () => {
    const { session, tokens, advance } = open(keystone([createPassword(demo)], project('demo')))
    const ends = await session.identity()()
    const left = E.isRight(ends) ? Date.parse(ends.right.expiresAt ?? '') - Date.now() : 0
    await fetchStatus(session.image, LIST)
    advance(left - 130_000)
    await fetchStatus(session.image, LIST)
    expect(new Set(tokens).size).toBe(1)
    advance(20_000)
    expect(await fetchStatus(session.image, LIST)).toBe(200)
    expect(new Set(tokens).size).toBe(2)
  })

  it('is shared by twenty concurrent requests', async () => {
    const { session, lines } = open(keystone([createPassword(demo)], project('demo')))
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => fetchStatus(session.image, LIST))))).toEqual(
      new Set([200]),
    )
    expect(lines.filter((line) => line.includes('/auth/tokens')).length).toBe(1)
  })
})

describe('createOpenstackSession', () => {
  it('reports the services of a real cloud', async () => {
    const { session } = open(keystone([createPassword(demo)], project('demo')))
    const reports = await session.services()()
    expect(reports).toMatchObject({
      right: [
        {
          service: 'identity',
          endpoint: { url: lab.authUrl, from: 'auth-url' },
          versions: [{ id: expect.stringMatching(/^v3\./) }],
          error: null,
        },
        {
          service: 'image',
          endpoint: { url: lab.imageUrl, from: 'catalog', region: lab.region },
          versions: expect.arrayContaining([{ id: 'v2.15', status: 'SUPPORTED' }]),
          error: null,
        },
        {
          service: 'compute',
          endpoint: null,
          error: { _tag: 'ConfigInvalid', what: 'the catalog has no service of type compute; it has identity, image' },
        },
      ],
    })
  })
})
