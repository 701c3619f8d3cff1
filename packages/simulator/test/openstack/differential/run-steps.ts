import { randomUUID } from 'node:crypto'
import { request, type IncomingHttpHeaders } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Step } from './step.ts'
import type { Target } from './target.ts'

/** A response with placeholders for values that differ between runs: IDs, dates, addresses, tokens. */
export interface Observation {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

interface Response {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** Whether the connection broke before the end of the body. */
  readonly isCut: boolean
}

/** The values of one run, by their placeholders. */
interface Session {
  /** Replaces placeholders by the values of this run. */
  readonly fill: (text: string) => string
  /** Replaces the values of this run by placeholders. */
  readonly normalize: (text: string) => string
}

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi

/** The schema in a message: releases of jsonschema differ in the order of its keys. */
const PRINTED_SCHEMA = /Failed validating [^]*?On instance/g

const inAnyOrder = (printed: string): string =>
  printed
    .split(/(?:\\n|[\s{},])+/)
    .toSorted()
    .join(' ')

const DATE = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?/g

const openSession = ({ glance, keystone, projects, users, tokens, demoPassword, credential }: Target): Session => {
  const images = new Map<string, string>()
  const findId = (name: string): string => {
    const id = images.get(name) ?? randomUUID()
    images.set(name, id)
    return id
  }
  const run = randomUUID().slice(0, 8)
  const fixed: ReadonlyMap<string, string> = new Map([
    ['run', run],
    ['password demo', demoPassword],
    ['credential id', credential.id],
    ['credential secret', credential.secret],
    ...Object.entries(projects).map(([name, id]): readonly [string, string] => [`project ${name}`, id]),
  ])
  const findValue = (name: string): string => {
    if (name.startsWith('image ')) return findId(name.slice('image '.length))
    if (name.startsWith('upper image ')) return findId(name.slice('upper image '.length)).toUpperCase()
    if (name.startsWith('bare image ')) return findId(name.slice('bare image '.length)).replaceAll('-', '')
    const value = fixed.get(name)
    if (value === undefined) throw new Error(`unknown placeholder ${name}`)
    return value
  }
  const normalize = (text: string): string => {
    const known = [
      ...[...images].flatMap(([name, id]): readonly (readonly [string, string])[] => [
        [id, `image ${name}`],
        [id.toUpperCase(), `upper image ${name}`],
        [id.replaceAll('-', ''), `bare image ${name}`],
      ]),
      ...Object.entries(tokens).map(([name, token]): readonly [string, string] => [token, `token ${name}`]),
      ...Object.entries(users).map(([name, id]): readonly [string, string] => [id, `user ${name}`]),
      ...[...fixed].map(([name, value]): readonly [string, string] => [value, name]),
      [glance, 'glance'] as const,
      [keystone, 'keystone'] as const,
    ]
    return known
      .reduce((so, [value, name]) => so.replaceAll(value, `{{${name}}}`), text)
      .replaceAll(/file:\/\/[\w./-]*\/(?=(?:fast|slow)\/)/g, 'file://{{stores}}/')
      .replaceAll(UUID, '{{uuid}}')
      .replaceAll(DATE, '{{date}}')
      .replaceAll(PRINTED_SCHEMA, inAnyOrder)
  }
  return { fill: (text) => text.replaceAll(/\{\{([^}]+)\}\}/g, (_, name: string) => findValue(name)), normalize }
}

const SILENCE_MS = 20_000

const send = (
  url: URL,
  path: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer | undefined,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    // Not fetch, which adds headers and normalizes paths.
    const sending = request({ host: url.hostname, port: url.port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      const end = (isCut: boolean) => (): void =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks), isCut })
      response.on('error', end(true))
      response.on('end', end(false))
    })
    sending.on('error', reject)
    sending.setTimeout(SILENCE_MS, () =>
      sending.destroy(new Error(`no response within ${SILENCE_MS} ms: ${method} ${path.slice(0, 100)}`)),
    )
    sending.end(body)
  })

const createBody = (body: unknown, session: Session): string | Buffer | undefined => {
  if (body === undefined || Buffer.isBuffer(body)) return body
  return session.fill(typeof body === 'string' ? body : JSON.stringify(body))
}

const createHeaders = (
  step: Step,
  target: Target,
  session: Session,
  body: string | Buffer | undefined,
): Readonly<Record<string, string>> => {
  const { as = 'demo' } = step
  const headers: Readonly<Record<string, string>> = {
    accept: 'application/json',
    ...(as === null ? {} : { 'x-auth-token': target.tokens[as] }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...step.headers,
  }
  // An empty type or Accept means none.
  return Object.fromEntries(
    Object.entries(headers).flatMap(([key, value]) =>
      value === '' && (key === 'content-type' || key === 'accept') ? [] : [[key, session.fill(value)]],
    ),
  )
}

const COMPARED = [
  'content-type',
  'content-length',
  'content-range',
  'content-md5',
  'accept-patch',
  'allow',
  'location',
  'www-authenticate',
  'openstack-image-import-methods',
  'openstack-image-store-ids',
  'x-subject-token',
  'openstack-auth-receipt',
]

const comparedHeaders = ({ headers, bytes }: Response, session: Session): Readonly<Record<string, string>> =>
  Object.fromEntries(
    COMPARED.flatMap((name): readonly (readonly [string, string])[] => {
      const value = headers[name]
      if (typeof value !== 'string') return []
      // The length of a text depends on the formatting of its JSON; the type of an empty body does not matter.
      if (name === 'content-length' && headers['content-type'] !== 'application/octet-stream') return []
      if (name === 'content-type' && bytes.length === 0) return []
      if (name === 'x-subject-token' || name === 'openstack-auth-receipt') return [[name, 'there']]
      // Glance lists its own two stores, os_glance_*, only after their first use.
      if (name === 'openstack-image-store-ids')
        return [
          [
            name,
            value
              .split(',')
              .filter((store) => !store.startsWith('os_glance_'))
              .toSorted()
              .join(','),
          ],
        ]
      return [[name, session.normalize(value)]]
    }),
  )

const sortedTags = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortedTags)
  if (typeof value !== 'object' || value === null) return value
  // Glance stores tags as an unordered set.
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === 'tags' && Array.isArray(each) ? each.map(String).toSorted() : sortedTags(each),
    ]),
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = ({ headers, bytes, isCut }: Response, session: Session): unknown => {
  if (isCut) return 'cut off'
  if (bytes.length === 0) return null
  if (headers['content-type'] === 'application/octet-stream')
    return { bytes: bytes.length, from: bytes.subarray(0, 8).toString('latin1') }
  const text = session.normalize(bytes.toString('utf8'))
  return headers['content-type']?.startsWith('application/json') === true ? sortedTags(JSON.parse(text)) : text
}

/** Reduces a token to its keys: most values differ between clouds. */
const withoutToken = (body: unknown): unknown =>
  isObject(body) && isObject(body['token']) ? { token: Object.keys(body['token']).toSorted() } : body

const TRIES = 200

/** The interval of polls for background work, in milliseconds. */
const POLL_MS = 50

/** The resolution of Glance's dates, in milliseconds. */
const SECOND_MS = 1000

const doStep = async (
  step: Step,
  target: Target,
  session: Session,
  created: (id: string) => void,
): Promise<Observation> => {
  const root = new URL(step.service === 'keystone' ? target.keystone : target.glance)
  const path = `${root.pathname === '/' ? '' : root.pathname}${session.fill(step.path)}`
  const body = createBody(step.body, session)
  const headers = createHeaders(step, target, session, body)
  for (let tried = 1; ; tried++) {
    const response = await send(root, path, step.method ?? 'GET', headers, body)
    const id =
      response.status === 201 ? /\/v2\/images\/([\w-]+)$/.exec(response.headers.location ?? '')?.[1] : undefined
    if (id !== undefined) {
      created(id)
      // Glance orders images of the same second by their random IDs: listed ones are created in seconds of their own.
      if (JSON.stringify(step.body ?? null).includes('"suite"')) await wait(SECOND_MS)
    }
    const content = parsed(response, session)
    const isDone = step.until === undefined || (isObject(content) && step.until(content))
    if (isDone || tried === TRIES) {
      return { status: response.status, headers: comparedHeaders(response, session), body: withoutToken(content) }
    }
    await wait(POLL_MS)
  }
}

/** Runs the steps in order; `created` receives the IDs of the images that they create. */
export const runSteps = async (
  steps: readonly Step[],
  target: Target,
  created: (id: string) => void = () => undefined,
): Promise<ReadonlyMap<string, Observation>> => {
  const session = openSession(target)
  const observations = new Map<string, Observation>()
  for (const step of steps) {
    if (observations.has(step.name)) throw new Error(`two steps are called ${step.name}`)
    observations.set(step.name, await doStep(step, target, session, created))
  }
  return observations
}
