import fc from 'fast-check'
import { computeIdentity, pinKey, type Pin } from '../src/index.ts'

/** A pin with these fields and the matching identity. */
export const createPin = (fields: Partial<Pin> = {}): Pin => {
  const pin: Pin = {
    image: 'web',
    on: 'production',
    want: 'ubuntu@24.04/x86_64',
    where: '',
    provider: 'hetzner',
    cloud: 'production',
    region: null,
    id: '161547269',
    name: 'ubuntu-24.04',
    kind: 'system',
    owner: null,
    os: { distro: 'ubuntu', version: '24.04' },
    architecture: 'x86_64',
    createdAt: '2024-04-25T13:26:27Z',
    unavailableAfter: null,
    digest: null,
    identity: '',
    pin: 'id-only',
    ...fields,
  }
  return { ...pin, identity: computeIdentity(pin) }
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('"},\n', '": ', '\u202e', '<<<<<<< '),
)

/** Pins of various images and clouds, with arbitrary texts and unique keys. */
export const pins: fc.Arbitrary<readonly Pin[]> = fc.uniqueArray(
  fc
    .record({
      image: fc.constantFrom('a', 'b', 'a-b', 'web', 'web2', 'Z'),
      cloud: fc.oneof(fc.constantFrom('production', 'staging'), text),
      region: fc.option(fc.constantFrom('one', 'two'), { nil: null }),
      id: text,
      name: fc.option(text, { nil: null }),
      owner: fc.option(text, { nil: null }),
      createdAt: fc.constantFrom(null, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5Z'),
      digest: fc.option(
        fc.record({
          algorithm: fc.constantFrom('sha256', 'md5'),
          value: fc.stringMatching(/^[0-9a-f]{32}$/),
          of: fc.constantFrom('stored' as const, 'unknown' as const),
          assertedBy: fc.constantFrom('provider' as const, 'uploader' as const),
        }),
        { nil: null },
      ),
    })
    .map(createPin),
  { selector: pinKey, maxLength: 8 },
)
