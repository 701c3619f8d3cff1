import { describe, afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { Image, listAll, formatError, type ImageResult, type ImageError } from '@imago/core/provider'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { createHetznerSource } from '../../src/index.ts'
import { jumpingTime, optionsFor } from '../local-api.ts'

// For any JSON, the source returns images or an error after a bounded number of requests, and never throws.

jest.setTimeout(120_000)

let simulator: HetznerSimulator

beforeAll(async () => {
  simulator = await createHetznerSimulator({ rateLimit: { limit: 1_000_000 } })
})
afterAll(() => simulator.close())

const source = () =>
  createHetznerSource({ ...optionsFor(simulator.url, { timing: jumpingTime().timing }), token: simulator.token })

const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 0, -1, 2 ** 53, '', '\u001b[2J', '__proto__', [], {}))
const fields = [
  'type',
  'status',
  'name',
  'description',
  'image_size',
  'disk_size',
  'created',
  'created_from',
  'bound_to',
  'os_flavor',
  'os_version',
  'architecture',
  'protection',
  'deprecated',
  'deprecation',
  'deleted',
  'labels',
  'rapid_deploy',
  '__proto__',
  'constructor',
]
const record = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.oneof(fc.integer({ min: 1 }), odd), fc.dictionary(fc.constantFrom(...fields), odd, { maxKeys: 8 }))
      .map(([id, rest]): unknown => ({ ...rest, id })),
  },
  { weight: 1, arbitrary: odd },
)
const pagination = fc.dictionary(
  fc.constantFrom('page', 'per_page', 'next_page', 'previous_page', 'last_page', 'total_entries'),
  fc.oneof(fc.integer(), odd),
)
const page = fc.oneof(
  fc.record({ images: fc.array(record, { maxLength: 4 }), meta: fc.record({ pagination }) }),
  fc.record({ images: odd, meta: odd }, { requiredKeys: [] }),
  odd,
)
const status = fc.constantFrom(
  200,
  201,
  204,
  300,
  400,
  401,
  403,
  404,
  409,
  412,
  418,
  422,
  423,
  429,
  500,
  501,
  502,
  503,
  504,
  599,
)
const fault = fc.oneof(
  fc.record({
    error: fc.record(
      {
        code: fc.oneof(
          fc.constantFrom('unauthorized', 'conflict', 'rate_limit_exceeded', 'locked', 'constructor'),
          odd,
        ),
        message: odd,
        details: odd,
      },
      { requiredKeys: [] },
    ),
  }),
  odd,
)

const serve = (path: string, code: number, body: unknown): void => {
  simulator.faults.clear()
  simulator.requests.clear()
  simulator.faults.add({ path, fault: { kind: 'status', status: code, body: JSON.stringify(body) } })
}

/** The value, or `null` after a printable error. */
const checkResult = async <A>(answer: ImageResult<A>): Promise<A | null> => {
  const result: E.Either<ImageError, A> = await answer()
  expect(simulator.requests.all().length).toBeLessThan(300)
  if (E.isRight(result)) return result.right
  const message = formatError(result.left)
  expect(message).toMatch(/^hetzner\/prod: (?:[\w ]+: )?[^\u0000-\u001f\u007f-\u009f]+(?<!\.)$/)
  expect(message).not.toContain(simulator.token)
  return null
}

describe('the Hetzner reader with any JSON', () => {
  it('listAll accepts any page', async () => {
    await fc.assert(
      fc.asyncProperty(page, async (body) => {
        serve('/v1/images', 200, body)
        const found = await checkResult(listAll(source()))
        expect((found?.items ?? []).every((image) => Image.is(image))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('get accepts any image', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.record({ image: record }), odd), async (body) => {
        serve('/v1/images/*', 200, body)
        const found = await checkResult(source().get('42'))
        expect(found === null || Image.is(found)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('listAll and get accept any error response', async () => {
    await fc.assert(
      fc.asyncProperty(status, fault, async (code, body) => {
        serve('/v1/images', code, body)
        await checkResult(listAll(source()))
        serve('/v1/images/*', code, body)
        await checkResult(source().get('42'))
      }),
      { numRuns: 100 },
    )
  })
})
