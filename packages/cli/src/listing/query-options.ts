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
import { parseAge } from './age.ts'
import { propertyCondition, tagCondition } from './entry-condition.ts'
import { parseArchitecture, parseChoice, parseOperatingSystem } from './words.ts'

const STATUSES = (FIELDS.status.values ?? []) as readonly ImageStatus[]
const VISIBILITIES = (FIELDS.visibility.values ?? []) as readonly Visibility[]
const KINDS = (FIELDS.kind.values ?? []) as readonly ImageKind[]

const labelConditions = (selector: string): EntryConditions => {
  const conditions = parseLabelSelector(selector)
  if (E.isRight(conditions)) return conditions.right
  throw new Problem(
    `--label ${JSON.stringify(selector)}: ${conditions.left}. Write key, !key, key=value, key!=value, "key in (a,b)" or "key notin (a,b)"`,
    EXIT.usage,
  )
}

/** Each value read; one alone is no list. */
const each = <R>(values: AnyOf<string> | undefined, read: (value: string) => R): AnyOf<R> | undefined => {
  if (values === undefined) return undefined
  const [first, ...others] = toValueList(values).map(read)
  return first === undefined ? [] : others.length === 0 ? first : [first, ...others]
}

const itself = (text: string): string => text

/** Which images are selected. */
export interface Selection {
  readonly query: Query
  /** Only those that belong to the project of the credentials. */
  readonly isMine: boolean
}

/** What values are read with. */
export interface SelectionContext {
  /** From which ages count, in milliseconds since the epoch. */
  readonly now: number
  /** Those whose clouds are asked: where there is one, its words count first. */
  readonly providers: readonly Provider[]
}

/** What these options select. A value that cannot be read ends the command. */
export const parseSelection = (options: SelectionOptions, { now, providers }: SelectionContext): Selection => {
  const { hidden, mine = false } = options
  if (mine && options.owner !== undefined) throw new Problem('--mine and --owner exclude each other', EXIT.usage)
  const query: { readonly [K in keyof Query]: Query[K] | undefined } = {
    distro: each(options.os, (word) => parseOperatingSystem('--os', word, providers)),
    version: each(options.osVersion, itself),
    architecture: each(options.arch, (word) => parseArchitecture('--arch', word, providers)),
    status: each(options.status, (word) => parseChoice('--status', word, STATUSES)),
    visibility: each(options.visibility, (word) => parseChoice('--visibility', word, VISIBILITIES)),
    kind: each(options.kind, (word) => parseChoice('--kind', word, KINDS)),
    name: each(options.name, itself),
    description: each(options.description, itself),
    labels: each(options.label, labelConditions),
    tags: each(options.tag, tagCondition),
    properties: each(options.property, propertyCondition),
    owner: each(options.owner, itself),
    olderThan: each(options.olderThan, (age) => parseAge('--older-than', age, now)),
    newerThan: each(options.newerThan, (age) => parseAge('--newer-than', age, now)),
    deprecated: options.deprecated,
    hidden: hidden === undefined ? undefined : hidden === 'only' ? 'only' : 'include',
    text: each(options.text, itself),
  }
  return {
    query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Query,
    isMine: mine,
  }
}

/** Which selection options were given. */
export const givenSelection = (options: SelectionOptions): readonly (keyof SelectionOptions)[] =>
  SELECTION_NAMES.filter((name) => options[name] !== undefined)

const PRIVATE: Visibility = 'private'

/** Where images have no owner, the private ones are the project's. */
const privateOnly = (query: Query): Query => ({
  ...query,
  visibility:
    query.visibility === undefined || toValueList<Visibility>(query.visibility).includes(PRIVATE) ? PRIVATE : [],
})

/** What to ask a cloud for: `--mine` is its session's project. Of credentials without a project, no image is theirs. */
export const resolveQuery = (
  source: ImageSource,
  { query, isMine }: Selection,
  { signal }: Abortable,
): ImageResult<Query> => {
  if (!isMine) return TE.right(query)
  if (source.owner === undefined) return TE.right(privateOnly(query))
  return pipe(
    perform(source, 'owner', { signal }),
    TE.map((owner) => ({ ...query, owner: owner === null ? [] : owner })),
  )
}
