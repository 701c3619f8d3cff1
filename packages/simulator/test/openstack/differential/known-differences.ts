import { isDeepStrictEqual } from 'node:util'
import type { Observation } from './run-steps.ts'

/** A difference between the simulator and a real Glance or Keystone. The table in the package's README lists them. */
export interface KnownDifference {
  /** The names of the steps; a trailing `*` matches any suffix. */
  readonly steps: readonly string[]
  /** The differing parts, as named by `differingParts`. */
  readonly parts: readonly string[]
  readonly reason: string
  /** The releases of Glance with this difference, for example `25`. Absent: all. */
  readonly releases?: readonly string[]
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    steps: ['create body: not a number', 'create body: infinity'],
    parts: ['body'],
    reason: "Python's JSON has NaN and Infinity, JavaScript's does not: both refuse them, here as malformed",
  },
  {
    steps: ['data get: all', 'data get: empty', 'action: data of a deactivated image, as admin'],
    parts: ['content-length'],
    reason:
      "the lab's image cache sends a whole image in chunks; without that middleware Glance sends the length, and so does the simulator",
  },
  {
    steps: ['data content-range: beyond a larger end'],
    parts: ['content-length', 'content-range', 'body'],
    reason:
      'Glance announces more bytes than there are, and breaks the connection after the last; the simulator announces the actual number',
  },
  {
    steps: ['data post'],
    parts: ['status', 'allow', 'body'],
    reason: 'Glance reads the body before it checks the method',
  },
  {
    steps: ['member add: member number', 'member add: member true', 'members: all', 'members: as a reader'],
    parts: ['body'],
    reason:
      'Glance accepts numbers and booleans as names of members, and its database converts them to text in its own way',
  },
  {
    steps: ['list dates: created_at=gt:20200101T000000Z'],
    parts: ['status', 'body'],
    reason: 'only the extended form of ISO 8601 dates is supported',
  },
  {
    steps: ['route: unknown version', 'route: no version', 'route: v1', 'route: root', 'route: versions'],
    parts: ['body'],
    reason: 'the lab has an image cache, with the versions v2.14 and v2.16; the simulator has none',
  },
  { steps: ['route: v2.5'], parts: ['status', 'body'], reason: 'only /v2 is served, not its minor versions' },
  { steps: ['route: doubled slash'], parts: ['status', 'body'], reason: 'paths are not normalized' },
  {
    steps: ['route: health'],
    parts: ['content-type', 'body'],
    reason: 'the health check returns the same for every Accept header',
  },
  {
    steps: ['keystone method: *'],
    parts: ['status', 'content-type', 'allow', 'body'],
    reason: 'the simulated Keystone has only the methods that image clients use; the others are unknown routes',
  },
  {
    steps: [
      'patch type: json',
      'patch type: none',
      'patch type: merge patch',
      'patch type: upper case',
      'data put type: none',
      'data put type: json',
      'data put type: text',
      'data put type: x-tar',
      'stage: as json',
    ],
    parts: ['body'],
    reason: 'Glance 33 also lists the accepted types',
    releases: ['33'],
  },
  {
    steps: [
      'data get: queued, a range',
      'data range: none',
      'data content-range: none',
      'tag put: not UTF-8',
      'tag delete: not UTF-8',
      'show: not UTF-8',
    ],
    parts: ['content-type', 'body'],
    reason: 'behind gunicorn an internal error has an error page; the server of Glance 25 sends none',
    releases: ['33'],
  },
  {
    steps: ['data put size: too small', 'data put: good'],
    parts: ['status', 'content-type', 'body'],
    reason: 'Glance 33 compares an upload with the size in its header; Glance 25 ignores it',
    releases: ['33'],
  },
  {
    steps: ['data put size: too large', 'data put size: text'],
    parts: ['status', 'body'],
    reason: 'as above: with Glance 33 the image still waits for its data',
    releases: ['33'],
  },
  {
    steps: ['data: still queued'],
    parts: ['body'],
    reason: 'as above: with Glance 33 the image still waits for its data',
    releases: ['33'],
  },
  {
    steps: ['tasks create: unknown type'],
    parts: ['body'],
    reason: 'Glance 33 has an additional task type, location_import',
    releases: ['33'],
  },
  {
    steps: ['login identity: unknown method with payload'],
    parts: ['body'],
    reason: 'Keystone 30 has an additional method, ec2credential',
    releases: ['33'],
  },
]

const matchesStep = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern

/** Returns the known difference of a step in this release of Glance. */
export const knownDifference = (name: string, release: string): KnownDifference | undefined =>
  KNOWN_DIFFERENCES.find(
    ({ steps, releases }) =>
      steps.some((pattern) => matchesStep(pattern, name)) && (releases === undefined || releases.includes(release)),
  )

/** Returns the parts that differ between two responses: `status`, `body`, and the names of headers. */
export const differingParts = (left: Observation, right: Observation): readonly string[] => [
  ...(left.status === right.status ? [] : ['status']),
  ...[...new Set([...Object.keys(left.headers), ...Object.keys(right.headers)])]
    .filter((name) => left.headers[name] !== right.headers[name])
    .toSorted(),
  ...(isDeepStrictEqual(left.body, right.body) ? [] : ['body']),
]

/** Returns the rows of the table in the README. */
export const tableRows = (): readonly string[] =>
  KNOWN_DIFFERENCES.map(
    ({ steps, parts, reason, releases }) =>
      `| ${steps.map((step) => `\`${step}\``).join(', ')} | ${parts.join(', ')} | ${releases?.join(', ') ?? 'all'} | ${reason} |`,
  )
