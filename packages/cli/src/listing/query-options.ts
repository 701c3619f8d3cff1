import type { ImageKind, ImageStatus, Query, Visibility } from '@imago/core'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { instantOf } from './age.ts'
import { architectureCalled, oneOf, operatingSystemCalled } from './words.ts'

/** The options that say which images, as the command line gives them. */
export interface QueryOptions {
  readonly os?: string
  readonly osVersion?: string
  readonly arch?: string
  readonly status?: string
  readonly visibility?: string
  readonly kind?: string
  readonly name?: string
  readonly description?: string
  /** `key` or `key=value`. */
  readonly label?: readonly string[]
  readonly tag?: readonly string[]
  readonly owner?: string
  readonly olderThan?: string
  readonly deprecated?: boolean
  /** `true`: hidden ones too. */
  readonly hidden?: true | 'only'
  readonly text?: string
}

const STATUSES = ['pending', 'available', 'unavailable', 'failed', 'deleting', 'deleted', 'unknown'] as const satisfies readonly ImageStatus[]
const VISIBILITIES = ['public', 'private', 'shared', 'community', 'unknown'] as const satisfies readonly Visibility[]
const KINDS = ['system', 'app', 'snapshot', 'backup', 'image', 'unknown'] as const satisfies readonly ImageKind[]

const labelOf = (text: string): readonly [key: string, value: string | true] => {
  const at = text.indexOf('=')
  const key = at === -1 ? text : text.slice(0, at)
  if (key === '') throw new Problem(`--label: ${text === '' ? 'an empty word' : text} has no key. Write key or key=value`, EXIT.usage)
  return [key, at === -1 ? true : text.slice(at + 1)]
}

const given = <T, R>(value: T | undefined, to: (value: T) => R): R | undefined => (value === undefined ? undefined : to(value))

/** What these options ask for. A word that is none ends the command; `now`: milliseconds since the epoch, from which ages count. */
export const queryOf = (options: QueryOptions, now: number): Query => {
  const { osVersion, name, description, tag, owner, deprecated, text, hidden } = options
  const query = {
    distro: given(options.os, (word) => operatingSystemCalled('--os', word)),
    version: osVersion,
    architecture: given(options.arch, (word) => architectureCalled('--arch', word)),
    status: given(options.status, (word) => oneOf('--status', word, STATUSES)),
    visibility: given(options.visibility, (word) => oneOf('--visibility', word, VISIBILITIES)),
    kind: given(options.kind, (word) => oneOf('--kind', word, KINDS)),
    name,
    description,
    labels: given(options.label, (labels) => Object.fromEntries(labels.map(labelOf))),
    tags: tag,
    owner,
    olderThan: given(options.olderThan, (age) => instantOf(age, now)),
    deprecated,
    hidden: given(hidden, (which) => (which === 'only' ? 'only' : 'include')),
    text,
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Query
}

/** Whether any of these options was given. */
export const asksFor = (options: QueryOptions): boolean => Object.keys(queryOf(options, 0)).length > 0
