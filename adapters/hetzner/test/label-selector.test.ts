import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { matches, type Image } from '@imago/core/provider'
import { createTransport, systemTiming } from '@imago/http'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import fc from 'fast-check'
import { createHetznerApi, createHetznerSource, type HetznerOptions } from '../src/index.ts'
import { toLabelSelector } from '../src/requests/label-selector.ts'
import { isLabelKey, isLabelValue } from '../src/requests/labels.ts'
import { getValue } from './local-api.ts'

const transport = createTransport()
let simulator: HetznerSimulator
let options: HetznerOptions
let snapshots: readonly number[]

beforeAll(async () => {
  simulator = await createHetznerSimulator({ rateLimit: { limit: 1_000_000 } })
  options = {
    name: 'prod',
    endpoint: simulator.url,
    token: simulator.token,
    connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
  }
  snapshots = (await getValue(createHetznerApi(options).images.list({ type: ['snapshot'] }))).items
    .map(({ id }) => id)
    .slice(0, 4)
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

// Few words, so that queries often match.
const key = fc.constantFrom('role', 'Env', 'a', 'example.test/build', 'x_y.z')
const value = fc.constantFrom('', 'web', 'WEB', '2026.05', 'a_b-c', '0')
const labels = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true })
const negative = fc.record({ not: fc.array(value, { maxLength: 2 }), present: fc.boolean() })
const askable = fc.dictionary(
  key,
  fc.oneof(value, fc.boolean(), fc.array(value, { minLength: 1, maxLength: 3 }), negative),
  { maxKeys: 3, noNullPrototype: true },
)
/** Invalid keys, and keys that would change the meaning of a selector. */
const oddKey = fc.constantFrom(
  '',
  'a,b',
  '!a',
  'a==web',
  'a in (web)',
  '-a',
  'ä',
  'a b',
  'UPPER.test/a',
  'hetzner.cloud/a',
  '__proto__',
  'constructor',
)
const oddValue = fc.constantFrom('web,a', 'web)', '!=web', ' web', 'ä', '-')
const odd = fc.dictionary(
  fc.oneof(key, oddKey),
  fc.oneof(value, oddValue, fc.boolean(), fc.array(fc.oneof(value, oddValue), { maxLength: 2 }), negative),
  { maxKeys: 3, noNullPrototype: true },
)

const toIds = (images: readonly Image[]): readonly string[] => images.map(({ ref }) => ref.id)

/** Sets the labels of the snapshots, and returns the snapshots. */
const relabel = async (sets: readonly Readonly<Record<string, string>>[]): Promise<readonly Image[]> => {
  const { images } = createHetznerApi(options)
  for (const [index, id] of snapshots.entries()) await getValue(images.update(id, { labels: sets[index] ?? {} }))
  return (await getValue(createHetznerSource(options).listPage({ kind: 'snapshot' }, null))).items
}

const assigned = fc.array(labels, { minLength: 4, maxLength: 4 })

describe('a query of labels', () => {
  it('selects the same images in the API as `matches`', async () => {
    await fc.assert(
      fc.asyncProperty(assigned, askable, async (sets, asked) => {
        const all = await relabel(sets)
        // Conditions that a selector expresses completely.
        const wanted = Object.fromEntries(
          Object.entries(asked).filter(([, one]) => !JSON.stringify(one).includes('""')),
        )
        const found = await getValue(
          createHetznerApi(options).images.list({
            type: ['snapshot'],
            label_selector: toLabelSelector(wanted) ?? undefined,
            include_deprecated: true,
            per_page: 50,
            sort: ['id'],
          }),
        )
        expect(found.items.map(({ id }) => String(id))).toEqual(
          toIds(all.filter((image) => matches({ labels: wanted }, image))),
        )
      }),
      { numRuns: 25 },
    )
  })

  it('filters exactly and is never refused, with invalid labels too', async () => {
    await fc.assert(
      fc.asyncProperty(assigned, fc.oneof(askable, odd), async (sets, asked) => {
        const all = await relabel(sets)
        const { items } = await getValue(
          createHetznerSource(options).listPage({ kind: 'snapshot', labels: asked }, null),
        )
        expect(toIds(items)).toEqual(toIds(all.filter((image) => matches({ labels: asked }, image))))
      }),
      { numRuns: 40 },
    )
  })
})

describe('label selectors', () => {
  it('toLabelSelector writes only valid labels', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(fc.string(), key, oddKey), fc.oneof(fc.string(), oddValue, fc.constant(true as const)), {
          noNullPrototype: true,
        }),
        (asked) => {
          for (const term of toLabelSelector(asked)?.split(',') ?? []) {
            const [one = '', other = ''] = term.split('==')
            expect(isLabelKey(one) && isLabelValue(other) && Object.hasOwn(asked, one)).toBe(true)
          }
        },
      ),
    )
  })
})
