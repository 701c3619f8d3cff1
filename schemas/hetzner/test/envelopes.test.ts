import { describe, expect, it } from '@jest/globals'
import { toDecoder, formatIssue, Notes } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import {
  HetznerAction,
  HetznerActionEnvelope,
  HetznerActionPage,
  HetznerCreateImageEnvelope,
  HetznerErrorEnvelope,
  HetznerImage,
  HetznerImageEnvelope,
  HetznerImagePage,
  HetznerIso,
  HetznerIsoEnvelope,
  HetznerIsoPage,
  HetznerLocationEnvelope,
  HetznerLocationPage,
  HetznerPricingEnvelope,
  HetznerServer,
  HetznerServerEnvelope,
  HetznerServerPage,
  HetznerServerTypeEnvelope,
  HetznerServerTypePage,
  HetznerSshKey,
  HetznerSshKeyEnvelope,
  HetznerSshKeyPage,
} from '../src/index.ts'

/** The issues or notes of decoding; `[]`: none. */
const complaints = (codec: t.Mixed, u: unknown): readonly unknown[] => {
  const notes = new Notes()
  const decoded = toDecoder(codec)(u, notes)
  return E.isLeft(decoded) ? decoded.left.map(formatIssue) : notes.list
}

const pagination = { page: 1, per_page: 25, previous_page: null, next_page: 2, last_page: null, total_entries: null }
const image = { id: 1, status: 'creating', name: null, description: '', image_size: 2.3 }

// From the examples in Hetzner's OpenAPI document: the running action has an error, but has not failed.
const running = {
  id: 13,
  command: 'create_image',
  status: 'running',
  progress: 0,
  started: '2016-01-30T23:50:00+00:00',
  finished: null,
  resources: [{ id: 42, type: 'server' }],
  error: { code: 'action_failed', message: 'Action failed' },
}
const success = { ...running, status: 'success', progress: 100, finished: '2016-01-30T23:56:00Z' }

describe('a page', () => {
  const odd = [{ id: 1 }, { id: null }, null, 'x', [[]]]

  it.each([
    ['images', HetznerImagePage],
    ['actions', HetznerActionPage],
    ['isos', HetznerIsoPage],
    ['servers', HetznerServerPage],
    ['server_types', HetznerServerTypePage],
    ['ssh_keys', HetznerSshKeyPage],
    ['locations', HetznerLocationPage],
  ] as const)('of %s is valid, whatever its records', (key, codec) => {
    expect(complaints(codec, { [key]: odd, meta: { pagination } })).toEqual([])
    expect(complaints(codec, { [key]: [] })).toEqual([])
    expect(complaints(codec, { [key]: [], meta: { pagination: { next_page: null } } })).toEqual([])
    expect(complaints(codec, { [key]: [], meta: null })).toEqual([])
    expect(complaints(codec, { meta: { pagination } })).toEqual([`/${key}: expected Array<unknown>, got nothing`])
    expect(complaints(codec, { [key]: null })).toEqual([`/${key}: expected Array<unknown>, got null`])
  })

  it('is decoded without invalid keys of its pagination', () => {
    const notes = new Notes()
    const decoded = toDecoder(HetznerImagePage)(
      { images: [], meta: { pagination: { page: 'one', next_page: 2 } } },
      notes,
    )
    expect(decoded).toEqual(E.right({ images: [], meta: { pagination: { next_page: 2 } } }))
    expect(notes.list).toEqual([
      {
        kind: 'wrong-type',
        pointer: '/meta/pagination/page',
        expected: 'integer from 0 to 2^53-1 or null',
        got: 'string',
      },
    ])
  })
})

describe('envelopes', () => {
  it('of images and new images are decoded', () => {
    expect(complaints(HetznerImageEnvelope, { image })).toEqual([])
    expect(complaints(HetznerImageEnvelope, { image: null })).toEqual(['/image: expected object, got null'])
    expect(complaints(HetznerCreateImageEnvelope, { image, action: success })).toEqual([])
    expect(complaints(HetznerCreateImageEnvelope, { image })).toEqual([])
    expect(complaints(HetznerCreateImageEnvelope, { action: success })).toEqual([
      '/image: expected object, got nothing',
    ])
    expect(complaints(HetznerImage, image)).toEqual([])
  })

  it('of actions are decoded, with or without a password', () => {
    expect(complaints(HetznerActionEnvelope, { action: running })).toEqual([])
    expect(complaints(HetznerActionEnvelope, { action: running, root_password: 'zCWbFhnu950dUTko5f40' })).toEqual([])
    expect(complaints(HetznerActionEnvelope, {})).toEqual(['/action: expected object, got nothing'])
  })

  it('of ISOs and servers are decoded', () => {
    expect(complaints(HetznerIsoEnvelope, { iso: { id: 1 } })).toEqual([])
    expect(complaints(HetznerServerEnvelope, { server: { id: 1, image: null } })).toEqual([])
    expect(
      complaints(HetznerServerEnvelope, {
        server: { id: 1 },
        action: running,
        next_actions: [running],
        root_password: null,
      }),
    ).toEqual([])
  })
})

describe('records for rescue systems', () => {
  // From the examples in Hetzner's OpenAPI document.
  const sshKey = {
    id: 2323,
    name: 'my-resource',
    fingerprint: 'b7:2f:30:a0:2f:6c:58:6c:21:04:58:61:ba:06:3b:2f',
    public_key: 'ssh-rsa AAAjjk76kgf...Xt',
    labels: { env: 'dev' },
    created: '2016-01-30T23:50:00+00:00',
  }

  it('of keys, server types and locations are decoded', () => {
    expect(complaints(HetznerSshKey, sshKey)).toEqual([])
    expect(complaints(HetznerSshKey, { ...sshKey, id: undefined })).toEqual([
      '/id: expected integer from 0 to 2^53-1, got nothing',
    ])
    expect(complaints(HetznerSshKeyEnvelope, { ssh_key: sshKey })).toEqual([])
    expect(
      complaints(HetznerServerTypeEnvelope, { server_type: { id: 1, name: 'cx23', disk: 40, prices: [] } }),
    ).toEqual([])
    expect(
      complaints(HetznerLocationEnvelope, { location: { id: 1, name: 'fsn1', network_zone: 'eu-central' } }),
    ).toEqual([])
    for (const codec of [HetznerSshKeyEnvelope, HetznerServerTypeEnvelope, HetznerLocationEnvelope])
      expect(complaints(codec, {})).toHaveLength(1)
  })

  it('of prices are decoded as text, and other prices are ignored', () => {
    const pricing = {
      currency: 'EUR',
      vat_rate: '19.00',
      image: { price_per_gb_month: { net: '0.0110000000', gross: '0.0130900000000000' } },
      server_backup: { percentage: '20.0000000000' },
      server_types: [],
      volume: {},
    }
    expect(complaints(HetznerPricingEnvelope, { pricing })).toEqual([])
    expect(complaints(HetznerPricingEnvelope, { pricing: { image: null } })).toEqual([])
    expect(complaints(HetznerPricingEnvelope, { pricing: null })).toEqual([
      '/pricing: expected HetznerPricing, got null',
    ])
  })
})

describe('HetznerAction', () => {
  it('accepts an error with any status', () => {
    for (const action of [running, success, { ...running, error: null }])
      expect(complaints(HetznerAction, action)).toEqual([])
    expect(complaints(HetznerAction, { id: 1, status: 'error' })).toEqual([])
  })

  it('requires the ID and the status, which can be a new word', () => {
    expect(complaints(HetznerAction, { progress: 5 })).toEqual([
      '/id: expected integer from 0 to 2^53-1, got nothing',
      '/status: expected HetznerActionStatus, got nothing',
    ])
    expect(complaints(HetznerAction, { id: 1, status: 'paused' })).toEqual([
      { kind: 'unknown-word', pointer: '/status', word: 'paused' },
    ])
  })
})

describe('HetznerIso', () => {
  it('accepts ISOs of 2026 and 2023, and private ones', () => {
    const iso = {
      id: 4711,
      name: 'FreeBSD-11.0-RELEASE-amd64-dvd1',
      description: 'FreeBSD 11.0 x64',
      type: 'public',
      architecture: 'x86',
      deprecation: null,
    }
    expect(complaints(HetznerIso, iso)).toEqual([])
    expect(complaints(HetznerIso, { ...iso, deprecated: '2018-02-28T00:00:00+00:00' })).toEqual([])
    expect(
      complaints(HetznerIso, {
        ...iso,
        deprecation: { announced: '2023-06-01T00:00:00+00:00', unavailable_after: '2023-09-01T00:00:00+00:00' },
      }),
    ).toEqual([])
    expect(complaints(HetznerIso, { id: 1, name: null, type: 'private', architecture: null })).toEqual([])
  })
})

describe('HetznerServer', () => {
  const server = {
    id: 42,
    name: 'my-resource',
    status: 'running',
    created: '2016-01-30T23:55:00Z',
    image: { id: 4711, protection: { delete: false, rebuild: false } },
    server_type: { id: 1, name: 'cx23', architecture: 'x86', disk: 40, cores: 2, prices: [] },
    location: { id: 1, name: 'fsn1', city: 'Falkenstein' },
    public_net: { ipv4: { ip: '192.0.2.1', blocked: false }, ipv6: { ip: '2001:db8::/64' }, floating_ips: [] },
    primary_disk_size: 40,
    rescue_enabled: false,
    locked: false,
    backup_window: null,
    labels: {},
    volumes: [],
  }

  it('reports no notes for other keys', () => {
    expect(complaints(HetznerServer, server)).toEqual([])
    expect(complaints(HetznerServer, { ...server, image: null, public_net: { ipv4: null, ipv6: null } })).toEqual([])
  })

  it('accepts the datacenter of responses from before July 2026', () => {
    expect(
      complaints(HetznerServer, {
        ...server,
        location: undefined,
        datacenter: { id: 1, name: 'fsn1-dc8', location: { id: 1, name: 'fsn1' }, server_types: {} },
      }),
    ).toEqual([])
  })

  it('accepts any image', () => {
    for (const bad of ['debian-12', 5, [], { id: 'x' }])
      expect(complaints(HetznerServer, { ...server, image: bad })).toEqual([])
  })
})

describe('envelopes', () => {
  it('HetznerErrorEnvelope requires a code, which can be a new word', () => {
    expect(
      complaints(HetznerErrorEnvelope, { error: { code: 'not_found', message: 'image not found', details: null } }),
    ).toEqual([])
    expect(complaints(HetznerErrorEnvelope, { error: { code: 'teapot', message: '' } })).toEqual([
      { kind: 'unknown-word', pointer: '/error/code', word: 'teapot' },
    ])
    expect(complaints(HetznerErrorEnvelope, { error: { message: 'no' } })).toEqual([
      '/error/code: expected HetznerErrorCode, got nothing',
    ])
  })
})
