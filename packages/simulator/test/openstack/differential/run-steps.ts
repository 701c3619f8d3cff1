import { randomUUID } from 'node:crypto'
import { request, type IncomingHttpHeaders } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Step } from './step.ts'
import type { Target } from './target.ts'

/** A response, with what differs from run to run replaced: ids, dates, addresses, tokens. */
export interface Observation {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

interface Response {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** The connection broke before the body had ended. */
  readonly isCut: boolean
}

/** What one run knows: its ids, by the placeholder that stands for them. */
interface Session {
  /** The text with its placeholders filled in. */
  readonly fill: (text: string) => string
  /** The text with placeholders in place of what only this run has. */
  readonly normalize: (text: string) => string
}

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi

/** How a schema is printed: jsonschema changed the order of its keys. */
const PRINTED_SCHEMA = /Failed validating [^]*?On instance/g

const inAnyOrder = (printed: string): string =>
  printed
    .split(/(?:\\n|[\s{},])+/)
    .toSorted()
    .join(' ')

const DATE = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?/g

const openSession = ({ glance, keystone, projects, users, tokens, demoPassword, credential }: Target): Session => {
  const images = new Map<string, string>()
  const idOf = (name: string): string => {
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
  const valueOf = (name: string): string => {
    if (name.startsWith('image ')) return idOf(name.slice('image '.length))
    if (name.startsWith('upper image ')) return idOf(name.slice('upper image '.length)).toUpperCase()
    if (name.startsWith('bare image ')) return idOf(name.slice('bare image '.length)).replaceAll('-', '')
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
  return { fill: (text) => text.replaceAll(/\{\{([^}]+)\}\}/g, (_, name: string) => valueOf(name)), normalize }
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
    // Not fetch: it sends headers of its own, and mends paths.
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

const bodyOf = (body: unknown, session: Session): string | Buffer | undefined => {
  if (body === undefined || Buffer.isBuffer(body)) return body
  return session.fill(typeof body === 'string' ? body : JSON.stringify(body))
}

const headersOf = (
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
  // An empty type or Accept stands for none.
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
      // The length of a text depends on how its JSON is written; a body that is not there has no type worth a word.
      if (name === 'content-length' && headers['content-type'] !== 'application/octet-stream') return []
      if (name === 'content-type' && bytes.length === 0) return []
      if (name === 'x-subject-token' || name === 'openstack-auth-receipt') return [[name, 'there']]
      // Glance names its own two stores, os_glance_*, only after it has used them: a fresh one does not.
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
  // Glance keeps a set of tags, in no order.
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

/** A token says much that is each cloud's own: what counts is what it says at all. */
const withoutToken = (body: unknown): unknown =>
  isObject(body) && isObject(body['token']) ? { token: Object.keys(body['token']).toSorted() } : body

const TRIES = 200

/** Milliseconds between two looks at what runs in the background. */
const LOOK_MS = 50

const doStep = async (
  step: Step,
  target: Target,
  session: Session,
  created: (id: string) => void,
): Promise<Observation> => {
  const root = new URL(step.service === 'keystone' ? target.keystone : target.glance)
  const path = `${root.pathname === '/' ? '' : root.pathname}${session.fill(step.path)}`
  const body = bodyOf(step.body, session)
  const headers = headersOf(step, target, session, body)
  for (let tried = 1; ; tried++) {
    const response = await send(root, path, step.method ?? 'GET', headers, body)
    const id =
      response.status === 201 ? /\/v2\/images\/([\w-]+)$/.exec(response.headers.location ?? '')?.[1] : undefined
    if (id !== undefined) created(id)
    const content = parsed(response, session)
    const isDone = step.until === undefined || (isObject(content) && step.until(content))
    if (isDone || tried === TRIES) {
      return { status: response.status, headers: comparedHeaders(response, session), body: withoutToken(content) }
    }
    await wait(LOOK_MS)
  }
}

/** Does the steps one after the other; `created` is told the ids of the images that they make. */
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
