import { toPointer, type Pointer } from '@imago/codec'
import { parsePeriod, PERIOD_FORMS, type ImageKind } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { DEFAULT_TRUST, isTrust, TRUST_FORMS, type Trust } from './trust.ts'
import { parseWant, WANT_FORMS, type Want } from './want.ts'
import { createRequirement, EVIDENCE_LEVELS, KINDS, PICKS, type Requirement } from './requirement.ts'
import { toArchitecture } from './words.ts'

/** The default name of the images file. */
export const IMAGES_FILE = 'imago.images.yaml'

/** A mistake in an images file, and its position. */
export interface ImagesFileIssue {
  /** JSON pointer into the document (RFC 6901). */
  readonly pointer: Pointer
  readonly problem: string
}

/** An image that is wanted on some clouds. */
export interface WantedImage {
  readonly name: string
  /** As the user names them: `[provider/]cloud[@region]`. */
  readonly on: readonly string[]
  readonly requirement: Requirement
}

/** The content of an images file. */
export interface WantedImages {
  /** By name. */
  readonly images: readonly WantedImage[]
  /** Images that must not be used: `[provider/]cloud[@region]:id:ID`. */
  readonly deny: readonly string[]
}

/** Names become variables of other tools, so they are short and plain. */
const NAME = /^[A-Za-z][A-Za-z\d_-]{0,62}$/

/** A codec for text that `parse` accepts. Its error becomes the message. */
const readText = <A>(name: string, expected: string, parse: (text: string) => E.Either<string, A>) =>
  new t.Type<A, unknown, unknown>(
    name,
    (u): u is A => u !== undefined,
    (u, context) => {
      if (typeof u !== 'string') return t.failure(u, context, `expected ${expected}`)
      const parsed = parse(u)
      return E.isLeft(parsed) ? t.failure(u, context, parsed.left) : t.success(parsed.right)
    },
    t.identity,
  )

const orElse =
  <A>(is: (text: string) => A | null, expected: string) =>
  (text: string): E.Either<string, A> => {
    const value = is(text)
    return value === null ? E.left(`invalid value ${JSON.stringify(text)}: expected ${expected}`) : E.right(value)
  }

const choice = <W extends string>(name: string, words: readonly W[]) => {
  const known = words.join(', ')
  return readText<W>(name, `one of ${known}`, (text) => {
    const word = words.find((one) => one === text)
    return word === undefined ? E.left(`unknown value ${JSON.stringify(text)} (one of: ${known})`) : E.right(word)
  })
}

/** A list that is not empty, or a single value. */
const list = <A>(item: t.Type<A, unknown, unknown>, expected: string) =>
  new t.Type<readonly A[], unknown, unknown>(
    `list of ${item.name}`,
    (u): u is readonly A[] => Array.isArray(u),
    (u, context) => {
      if (typeof u === 'string') return E.map((value: A) => [value])(item.validate(u, context))
      if (!Array.isArray(u) || u.length === 0) return t.failure(u, context, `expected ${expected}`)
      return t.array(item).validate(u, context)
    },
    t.identity,
  )

const nonEmpty = (text: string): E.Either<string, string> =>
  text.trim() === '' ? E.left('is empty') : E.right(text.trim())

const CLOUD = 'a cloud as [provider/]cloud[@region]'
const Clouds = list(readText('cloud', CLOUD, nonEmpty), 'a list of clouds, each as [provider/]cloud[@region]')
const TrustList = list(
  readText<Trust>(
    'trust',
    TRUST_FORMS,
    orElse((text) => (isTrust(text) ? text : null), TRUST_FORMS),
  ),
  `a list, each entry ${TRUST_FORMS}`,
)
const KindList = list(choice<ImageKind>('kind', KINDS), `a list of kinds: ${KINDS.join(', ')}`)
const Span = readText(
  'span',
  PERIOD_FORMS,
  orElse((text) => (parsePeriod(text) === null ? null : text), PERIOD_FORMS),
)
const WantText = readText<Want>('want', WANT_FORMS, parseWant)
const ArchitectureText = readText('architecture', 'an architecture', toArchitecture)

const DENIED = '[provider/]cloud[@region]:id:ID'
const Denied = readText(
  'denied image',
  DENIED,
  orElse((text) => (/^[^:\s][^:]*:id:\S+$/.test(text) ? text : null), DENIED),
)

const requirementFields = {
  want: WantText,
  on: Clouds,
  arch: ArchitectureText,
  kind: KindList,
  trust: TrustList,
  evidence: choice('evidence', EVIDENCE_LEVELS),
  livesAtLeast: Span,
  ageAtLeast: Span,
  pick: choice('pick', PICKS),
}
const { want, on, ...optionalFields } = requirementFields

const RawRequirement = t.intersection([t.type({ want, on }), t.partial(optionalFields)])
type RawRequirement = t.TypeOf<typeof RawRequirement>

const fileFields = { images: t.record(t.string, RawRequirement), trust: TrustList, deny: t.array(Denied) }
const RawImagesFile = t.intersection([
  t.type({ images: fileFields.images }),
  t.partial({ trust: fileFields.trust, deny: fileFields.deny }),
])

const isObject = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** Finds unknown keys: a misspelled option would silently select another image. */
const unknownKeys = (u: unknown, path: readonly string[], known: readonly string[]): readonly ImagesFileIssue[] =>
  isObject(u)
    ? Object.keys(u)
        .filter((key) => !known.includes(key))
        .map((key) => ({
          pointer: toPointer([...path, key]),
          problem: `unknown key ${JSON.stringify(key)} (one of: ${known.join(', ')})`,
        }))
    : []

const keyIssues = (u: unknown): readonly ImagesFileIssue[] => {
  if (!isObject(u)) return []
  const { images } = u
  const names = isObject(images) ? Object.keys(images) : []
  return [
    ...unknownKeys(u, [], Object.keys(fileFields)),
    ...names
      .filter((name) => !NAME.test(name))
      .map((name) => ({
        pointer: toPointer(['images', name]),
        problem: `cannot use ${JSON.stringify(name)} as a name: expected a letter, followed by at most 62 letters, digits, - and _`,
      })),
    ...names.flatMap((name) =>
      unknownKeys(isObject(images) ? images[name] : null, ['images', name], Object.keys(requirementFields)),
    ),
  ]
}

/** Of the context of an error, only the last entry with a message is readable. Keys that are numbers belong to intersections. */
const toIssues = (errors: t.Errors): readonly ImagesFileIssue[] => {
  const issues = new Map<Pointer, ImagesFileIssue>()
  for (const { context, message, value } of errors) {
    const steps = context.slice(1).filter((_, index) => !(context[index]?.type instanceof t.IntersectionType))
    const pointer = toPointer(steps.map(({ key }) => (/^\d+$/.test(key) ? Number(key) : key)))
    const name = context.at(-1)?.type.name ?? 'a value'
    const expected = /^(?:\{|\(|Partial|\{ \[)/.test(name) ? 'a mapping' : name
    const problem =
      value === undefined ? `is missing` : (message ?? `expected ${expected.startsWith('Array') ? 'a list' : expected}`)
    if (!issues.has(pointer)) issues.set(pointer, { pointer, problem })
  }
  return [...issues.values()]
}

/** One way to write an architecture: in the want, or beside it. */
const architectureIssues = (name: string, { want: wanted, arch }: RawRequirement): readonly ImagesFileIssue[] =>
  arch !== undefined && wanted.by === 'os'
    ? [
        {
          pointer: toPointer(['images', name, 'arch']),
          problem: `remove it, and write the architecture after the operating system: distro[@version]/${arch}`,
        },
      ]
    : []

const toWantedImage = (name: string, raw: RawRequirement, trust: readonly Trust[]): WantedImage => ({
  name,
  on: [...new Set(raw.on)],
  requirement: createRequirement(raw.want, {
    architecture: raw.arch,
    kinds: raw.kind,
    trust: raw.trust ?? trust,
    evidence: raw.evidence,
    livesAtLeast: raw.livesAtLeast,
    ageAtLeast: raw.ageAtLeast,
    pick: raw.pick,
  }),
})

/** Reads the document of an images file. Every mistake is reported, not only the first. */
export const readWantedImages = (document: unknown): E.Either<readonly ImagesFileIssue[], WantedImages> => {
  const raw = RawImagesFile.decode(document ?? {})
  const keys = keyIssues(document)
  if (E.isLeft(raw)) return E.left([...toIssues(raw.left), ...keys])
  const { images, trust = DEFAULT_TRUST, deny = [] } = raw.right
  const entries = Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1))
  const issues = [...keys, ...entries.flatMap(([name, requirement]) => architectureIssues(name, requirement))]
  return issues.length > 0
    ? E.left(issues)
    : E.right({
        images: entries.map(([name, requirement]) => toWantedImage(name, requirement, trust)),
        deny: [...new Set(deny)].sort(),
      })
}
