import type { Visibility } from '@imago/core'
import type { Compression, MoveWishes } from '@imago/transfer'
import { bytesOption, entriesOf } from '../writing/arguments.ts'

/** What a user may wish of the new image. */
export interface WishesOptions {
  readonly name?: string
  readonly description?: string
  readonly sourceFormat?: string
  readonly compression?: Compression | 'none'
  readonly archive?: 'tar' | 'none'
  readonly member?: string
  readonly diskFormat?: string
  readonly arch?: string
  readonly visibility?: Exclude<Visibility, 'unknown'>
  readonly protect?: boolean
  readonly minDisk?: string
  readonly minRam?: string
  readonly label?: readonly string[]
  readonly tag?: readonly string[]
  readonly property?: readonly string[]
  readonly store?: string
}

/** Wishes as the planner takes them. `name`: what the user wrote behind the cloud goes before `--name`. */
export const wishesOf = (options: WishesOptions, name: string | null): MoveWishes => ({
  name: name ?? options.name,
  description: options.description,
  sourceFormat: options.sourceFormat,
  compression: options.compression,
  archive: options.archive,
  member: options.member,
  diskFormat: options.diskFormat,
  architecture: options.arch,
  visibility: options.visibility,
  protect: options.protect,
  minDisk: options.minDisk === undefined ? undefined : bytesOption('--min-disk', options.minDisk),
  minRam: options.minRam === undefined ? undefined : bytesOption('--min-ram', options.minRam),
  labels: options.label === undefined ? undefined : entriesOf('--label', options.label),
  tags: options.tag,
  properties: options.property === undefined ? undefined : entriesOf('--property', options.property),
  store: options.store,
})
