import {
  FIELDS,
  parseLabelSelector,
  perform,
  toValueList,
  type Abortable,
  type ImageResult,
  type AnyOf,
  type EntryConditions,
  type ImageKind,
  type ImageSource,
  type ImageStatus,
  type Query,
  type Visibility,
} from '@imago/core'
import type { Provider } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { SELECTION_NAMES, type SelectionOptions } from '../options/selection.ts'
import { parseAge, parseDeadline } from './age.ts'
import { propertyCondition, tagCondition } from './entry-condition.ts'
import { parseChoice } from '../command-line/choice.ts'
import type { UsageWord } from './usage-selection.ts'
import { parseArchitecture, parseOperatingSystem } from './parse-vocabulary.ts'

const STATUSES = (FIELDS.status.values ?? []) as readonly ImageStatus[]
const VISIBILITIES = (FIELDS.visibility.values ?? []) as readonly Visibility[]
const KINDS = (FIELDS.kind.values ?? []) as readonly ImageKind[]

/** The conditions of a label selector. One that cannot be read ends the command. */
export const parseLabelConditions = (selector: string): EntryConditions => {
  const conditions = parseLabelSelector(selector)
  if (E.isRight(conditions)) return conditions.right
  throw new Problem(
    `--label: invalid value ${JSON.stringify(selector)}: ${conditions.left}. Use key, !key, key=value, key!=value, "key in (a,b)" or "key notin (a,b)"`,
    EXIT.usage,
  )
}

const DIGEST = /^([a-z\d][a-z\d_-]*):([a-f\d]+)$/

/** Parses `sha256:9F86…`. */
const parseDigestCondition = (text: string): string => {
  const digest = text.trim().toLowerCase()
  if (DIGEST.test(digest)) return digest
  throw new Problem(
    `--digest: invalid value ${JSON.stringify(text)}. Use algorithm and hexadecimal value: sha256:9f86…`,
    EXIT.usage,
  )
}

/** Parses each value. A single value is not wrapped in a list. */
const each = <R>(values: AnyOf<string> | undefined, read: (value: string) => R): AnyOf<R> | undefined => {
  if (values === undefined) return undefined
  const [first, ...others] = toValueList(values).map(read)
  return first === undefined ? [] : others.length === 0 ? first : [first, ...others]
}

const itself = (text: string): string => text

/** A parsed selection of images. */
export interface Selection {
  readonly query: Query
  /** Whether only images owned by the project of the credentials are selected. */
  readonly isMine: boolean
  /** The usage to select by, any of these; empty: any usage. An image of unknown usage is neither used nor unused. */
  readonly usage: readonly UsageWord[]
}

/** The context in which option values are parsed. */
export interface SelectionContext {
  /** The time that ages are relative to, in milliseconds since the epoch. */
  readonly now: number
  /** The providers of the clouds in use. The names of a single provider take precedence. */
  readonly providers: readonly Provider[]
}

/** Parses selection options. An invalid value ends the command. */
export const parseSelection = (options: SelectionOptions, { now, providers }: SelectionContext): Selection => {
  const { hidden, mine = false } = options
  if (mine && options.owner !== undefined) throw new Problem('--mine and --owner cannot be combined', EXIT.usage)
  const query: { readonly [K in keyof Query]: Query[K] | undefined } = {
    distro: each(options.os, (word) => parseOperatingSystem('--os', word, providers)),
    version: each(options.osVersion, itself),
    architecture: each(options.arch, (word) => parseArchitecture('--arch', word, providers)),
    status: each(options.status, (word) => parseChoice('--status', word, STATUSES)),
    visibility: each(options.visibility, (word) => parseChoice('--visibility', word, VISIBILITIES)),
    kind: each(options.kind, (word) => parseChoice('--kind', word, KINDS)),
    name: each(options.name, itself),
    description: each(options.description, itself),
    labels: each(options.label, parseLabelConditions),
    tags: each(options.tag, tagCondition),
    properties: each(options.property, propertyCondition),
    owner: each(options.owner, itself),
    olderThan: each(options.olderThan, (age) => parseAge('--older-than', age, now)),
    newerThan: each(options.newerThan, (age) => parseAge('--newer-than', age, now)),
    unavailableBefore: each(options.unavailableBefore, (time) => parseDeadline('--unavailable-before', time, now)),
    digest: each(options.digest, parseDigestCondition),
    deprecated: options.deprecated,
    hidden: hidden === undefined ? undefined : hidden === 'only' ? 'only' : 'include',
    text: each(options.text, itself),
  }
  return {
    query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Query,
    isMine: mine,
    usage: [
      ...(options.used === true ? (['used'] as const) : []),
      ...(options.unused === true ? (['unused'] as const) : []),
    ],
  }
}

/** Refuses invalid values before clouds are chosen. `--os` and `--arch` depend on the providers of the clouds. */
export const checkSelection = (options: SelectionOptions, now: number): void => {
  parseSelection({ ...options, os: undefined, arch: undefined }, { now, providers: [] })
}

/** The names of the selection options that were given. */
export const givenSelection = (options: SelectionOptions): readonly (keyof SelectionOptions)[] =>
  SELECTION_NAMES.filter((name) => options[name] !== undefined)

const PRIVATE: Visibility = 'private'

/** If images have no owner, the private ones belong to the project. */
const privateOnly = (query: Query): Query => ({
  ...query,
  visibility:
    query.visibility === undefined || toValueList<Visibility>(query.visibility).includes(PRIVATE) ? PRIVATE : [],
})

/** The query for a cloud. `--mine` selects the project of its session; credentials without a project own no images. */
export const resolveQuery = (
  source: ImageSource,
  { query, isMine }: Pick<Selection, 'query' | 'isMine'>,
  { signal }: Abortable,
): ImageResult<Query> => {
  if (!isMine) return TE.right(query)
  if (source.owner === undefined) return TE.right(privateOnly(query))
  return pipe(
    perform(source, 'owner', { signal }),
    TE.map((owner) => ({ ...query, owner: owner === null ? [] : owner })),
  )
}
