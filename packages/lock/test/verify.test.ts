import { describe, expect, it } from '@jest/globals'
import type { ImageValues } from '@imago/testkit'
import { createPin, createRequirement, verifyPin, type PinState } from '../src/index.ts'
import { NOW, observed, usable } from './clouds.ts'

const DAY_MS = 86_400_000
const digest = { algorithm: 'sha512', value: 'ab'.repeat(64), of: 'stored', assertedBy: 'provider' } as const
const md5 = { ...digest, algorithm: 'md5', value: 'ab'.repeat(16) }
const image = usable('1', { digests: [digest, md5], owner: 'me' })
const requirement = createRequirement({ by: 'id', id: '1' })
const pin = createPin({ image: 'web', on: 'production', requirement }, image, observed([image]))

const now = (fields: ImageValues, withinDays = 0): PinState =>
  verifyPin(pin, usable('1', { digests: [digest, md5], owner: 'me', ...fields }), {
    now: NOW,
    within: { ms: withinDays * DAY_MS },
    immutableKinds: [],
  })

describe('verifyPin', () => {
  it('is ok for an unchanged image', () => expect(now({})).toEqual({ state: 'ok' }))

  it('is ok with another name, labels and a deprecation', () =>
    expect(now({ name: 'old', labels: { a: 'b' }, deprecatedAt: NOW })).toEqual({ state: 'ok' }))

  it('is ok with digests in another order', () => expect(now({ digests: [md5, digest] })).toEqual({ state: 'ok' }))

  it.each<[string, ImageValues, readonly (string | null)[]]>([
    ['architecture', { architecture: 'aarch64' }, ['x86_64', 'aarch64']],
    ['createdAt', { createdAt: NOW }, ['2026-01-01T00:00:00Z', NOW]],
    ['os', { os: { distro: 'ubuntu', version: null } }, ['ubuntu 24.04', 'ubuntu']],
    ['owner', { owner: null }, ['me', null]],
    ['kind', { kind: 'app' }, ['system', 'app']],
    [
      'digest',
      { digests: [{ ...digest, value: 'cd'.repeat(64) }] },
      [`sha512:${'ab'.repeat(64)} (stored, provider)`, `sha512:${'cd'.repeat(64)} (stored, provider)`],
    ],
    ['digest', { digests: [] }, [`sha512:${'ab'.repeat(64)} (stored, provider)`, null]],
  ])('reports a changed %s', (fact, fields, [pinned, seen]) =>
    expect(now(fields)).toEqual({ state: 'changed', facts: [{ fact, pinned, now: seen }] }),
  )

  it.each<[ImageValues, number, PinState['state']]>([
    [{ unavailableAfter: '2026-11-22T12:00:00Z' }, 0, 'expires'],
    [{ unavailableAfter: '2026-11-22T12:00:01Z' }, 0, 'ok'],
    [{ unavailableAfter: '2026-12-22T12:00:00Z' }, 30, 'expires'],
    [{ unavailableAfter: '2026-12-22T12:00:01Z' }, 30, 'ok'],
  ])('%j within %i days: %s', (fields, days, state) => expect(now(fields, days).state).toBe(state))

  it('is gone if the image does not exist', () =>
    expect(verifyPin(pin, null, { now: NOW, within: null, immutableKinds: [] })).toEqual({
      state: 'gone',
      status: 'not found',
    }))

  it('is gone if no server can be created from it', () =>
    expect(now({ status: 'unavailable', architecture: 'aarch64' })).toEqual({ state: 'gone', status: 'unavailable' }))
})
