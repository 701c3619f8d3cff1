import { describe, afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { Image, listAll, formatError, type ImageResult, type ImageError, type ImageSource } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { createOpenstackSource } from '../../src/index.ts'
import { NEVER_MS, jumpingTime } from '../auth/local-cloud.ts'
import { toSourceOptions } from '../cloud.ts'

// For any JSON from Glance and Keystone, the result is an image list or an error value, after a bounded number of requests; nothing is thrown.

jest.setTimeout(120_000)

const transport = createTransport()
let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator()
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const source = (): ImageSource => {
  const user = simulator.users.find(({ name }) => name === 'demo')
  const project = simulator.projects.find(({ name }) => name === 'demo')
  const options = toSourceOptions(
    {
      authUrl: simulator.authUrl,
      region: 'RegionOne',
      userId: user?.id ?? '',
      password: user?.password ?? '',
      project: project?.id ?? '',
    },
    transport,
  )
  return createOpenstackSource({
    ...options,
    connection: { ...options.connection, timing: jumpingTime(Date.now()).timing, timeoutMs: NEVER_MS },
  })
}

const ID = '5d7eb3a5-05ec-4ff8-9a1c-dd2f5e9d4d01'
const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 0, -1, 2 ** 53, '', '\u001b[2J', '__proto__', [], {}))
const fields = [
  'name',
  'status',
  'visibility',
  'size',
  'virtual_size',
  'min_disk',
  'min_ram',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'os_hidden',
  'owner',
  'protected',
  'tags',
  'created_at',
  'updated_at',
  'stores',
  'disk_format',
  'locations',
  'direct_url',
  'architecture',
  'os_distro',
  '__proto__',
  'constructor',
  'anything',
]
const record = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.oneof(fc.uuid(), odd), fc.dictionary(fc.constantFrom(...fields), odd, { maxKeys: 8 }))
      .map(([id, rest]): unknown => ({ ...rest, id })),
  },
  { weight: 1, arbitrary: odd },
)
const next = fc.oneof(
  fc.constantFrom(
    `/v2/images?marker=${ID}`,
    '/v2/images?marker=',
    '//host/?marker=x',
    '/v2/images?marker=%00',
    '/v2/images?marker=%E0%A4%A',
    '/v2/images?marker=../../x',
  ),
  odd,
)
const page = fc.oneof(
  fc.record({ images: fc.array(record, { maxLength: 4 }), next }, { requiredKeys: ['images'] }),
  fc.record({ images: odd, next: odd }, { requiredKeys: [] }),
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
  406,
  409,
  410,
  413,
  418,
  429,
  500,
  501,
  502,
  503,
  504,
  599,
)
const fault = fc.oneof(
  fc.record({ message: odd, code: odd, title: odd }, { requiredKeys: [] }),
  fc.record({ error: fc.record({ code: odd, message: odd, title: odd }, { requiredKeys: [] }) }),
  odd,
)
const endpoint = fc.record(
  {
    interface: fc.oneof(fc.constant('public'), odd),
    region_id: fc.oneof(fc.constant('RegionOne'), odd),
    url: fc.oneof(fc.constantFrom('not a url', 'http://u:p@h/', 'javascript:x', 'file:///x', ''), fc.nat()),
  },
  { requiredKeys: [] },
)
const catalog = fc.oneof(
  fc.array(
    fc.oneof(
      fc.record({
        type: fc.oneof(fc.constant('image'), odd),
        endpoints: fc.oneof(fc.array(endpoint, { maxLength: 3 }), odd),
      }),
      odd,
    ),
    { maxLength: 3 },
  ),
  odd,
)
const login = fc.oneof(
  fc.record({
    token: fc.record(
      {
        catalog,
        expires_at: fc.oneof(fc.constantFrom('2099-01-01T00:00:00.000000Z', '1970-01-01T00:00:00Z'), odd),
        user: odd,
        project: odd,
        roles: odd,
        methods: odd,
      },
      { requiredKeys: [] },
    ),
  }),
  odd,
)

const IMAGES = '/image/v2/images'
const serve = (
  rules: readonly {
    readonly path: string
    readonly code: number
    readonly body: unknown
    readonly headers?: Readonly<Record<string, string>>
  }[],
): void => {
  simulator.faults.clear()
  simulator.requests.clear()
  for (const { path, code, body, headers = {} } of rules)
    simulator.faults.add({ path, fault: { kind: 'status', status: code, body: JSON.stringify(body), headers } })
}

/** The value, or `null` after an error with a valid text. */
const sound = async <A>(answer: ImageResult<A>): Promise<A | null> => {
  const result: E.Either<ImageError, A> = await answer()
  expect(simulator.requests.all().length).toBeLessThan(40)
  if (E.isRight(result)) return result.right
  const message = formatError(result.left)
  expect(message).toMatch(/^openstack\/prod: (?:\w[\w ]*: )?[^\u0000-\u001f\u007f-\u009f]+(?<!\.)$/)
  expect(message).not.toMatch(/demo-password|gAAAA/)
  return null
}

describe('the Glance reader with any JSON', () => {
  it('listPage accepts any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(page, async (body) => {
        serve([{ path: IMAGES, code: 200, body }])
        const found = await sound(listAll(source()))
        expect((found?.items ?? []).every((image) => Image.is(image))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('get accepts any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(record, odd), async (body) => {
        serve([{ path: `${IMAGES}/*`, code: 200, body }])
        const found = await sound(source().get(ID))
        expect(found === null || Image.is(found)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('errors accept any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(status, fault, async (code, body) => {
        serve([
          { path: IMAGES, code, body },
          { path: `${IMAGES}/*`, code, body },
        ])
        await sound(listAll(source()))
        await sound(source().get(ID))
      }),
      { numRuns: 60 },
    )
  })

  it('login accepts any JSON, in success and error responses', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          login.map((body) => [201, body] as const),
          fc.tuple(status, fault),
        ),
        fc.boolean(),
        async ([code, body], withToken) => {
          serve([
            {
              path: '**/auth/tokens',
              code,
              body,
              ...(withToken ? { headers: { 'x-subject-token': 'gAAAAAsimulated' } } : {}),
            },
          ])
          const found = await sound(listAll(source()))
          // Such a token was never issued, and the address is not a Glance.
          expect(found).toBeNull()
        },
      ),
      { numRuns: 100 },
    )
  })
})
