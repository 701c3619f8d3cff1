import {
  perform,
  type ImageResult,
  type EntryChanges,
  type Image,
  type ImageChanges,
  type TagChanges,
} from '@imago/core'
import { isDeepStrictEqual } from 'node:util'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { describeImage, type FoundImage } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import { parseSize, parseEntries } from '../../writing/option-values.ts'
import { changeEach } from '../../writing/change-each.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { SetOptions } from './options.ts'

const entryChanges = (
  option: string,
  set: readonly string[] | undefined,
  remove: readonly string[] | undefined,
): EntryChanges | undefined => {
  if (set === undefined && remove === undefined) return undefined
  return { ...parseEntries(option, set), ...Object.fromEntries((remove ?? []).map((key) => [key, null])) }
}

const tagChanges = ({ setTag, removeTag }: SetOptions): TagChanges | undefined =>
  setTag === undefined && removeTag === undefined ? undefined : { add: setTag ?? [], remove: removeTag ?? [] }

const given = <K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [k in K]: V })

/** The requested changes, independent of the image. */
const parseChanges = (options: SetOptions): ImageChanges => ({
  ...given('kind', options.setKind),
  ...given('name', options.setName),
  ...given('description', options.setDescription),
  ...given('labels', entryChanges('--set-label', options.setLabel, options.removeLabel)),
  ...given('tags', tagChanges(options)),
  ...given('properties', entryChanges('--set-property', options.setProperty, options.removeProperty)),
  ...given('minDisk', options.minDisk === undefined ? undefined : parseSize('--min-disk', options.minDisk)),
  ...given('minRam', options.minRam === undefined ? undefined : parseSize('--min-ram', options.minRam)),
})

const toChanges = (
  { source, image }: FoundImage,
  changes: ImageChanges,
  { setVisibility }: SetOptions,
  { signal }: WriteContext,
): readonly ImageResult<Image>[] => {
  const { id } = image.ref
  return [
    ...(Object.keys(changes).length === 0 ? [] : [perform(source, 'update', id, changes, { signal })]),
    ...(setVisibility === undefined ? [] : [perform(source, 'setVisibility', id, setVisibility, { signal })]),
  ]
}

/** The value of each field that can be changed. */
const CURRENT: { readonly [K in keyof ImageChanges | 'visibility']-?: (image: Image) => unknown } = {
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  description: ({ description }) => description,
  labels: ({ labels }) => labels,
  tags: ({ tags }) => tags,
  properties: ({ properties }) => properties,
  minDisk: ({ size }) => size.minDisk,
  minRam: ({ size }) => size.minRam,
  visibility: ({ visibility }) => visibility,
}

const fieldsNamed = (changes: ImageChanges, { setVisibility }: SetOptions): readonly (keyof typeof CURRENT)[] => [
  ...(Object.keys(changes) as (keyof ImageChanges)[]),
  ...(setVisibility === undefined ? [] : ['visibility' as const]),
]

/** The fields whose values differ. */
const changedFields = (fields: readonly (keyof typeof CURRENT)[], before: Image, after: Image): readonly string[] =>
  fields.filter((field) => !isDeepStrictEqual(CURRENT[field](before), CURRENT[field](after)))

const describeChange = (fields: readonly (keyof typeof CURRENT)[], before: Image, after: Image): string => {
  const changed = changedFields(fields, before, after)
  return `${describeImage(after)}: ${changed.length === 0 ? 'unchanged' : `${changed.join(', ')} set`}`
}

/** `imago set`: updates images. Labels, tags and properties that are not named are kept. */
export const set = async (words: readonly string[], options: SetOptions, context: WriteContext): Promise<ExitCode> => {
  const changes = parseChanges(options)
  const fields = fieldsNamed(changes, options)
  if (fields.length === 0) {
    throw new Problem(
      'nothing to set. Add --set-name, --set-description, --set-label, --set-tag, --set-property …',
      EXIT.usage,
    )
  }
  return changeEach(
    context,
    words,
    options,
    (found) => toChanges(found, changes, options, context),
    (after, before) => describeChange(fields, before, after),
  )
}
