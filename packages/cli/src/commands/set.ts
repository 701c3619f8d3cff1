import { perform, type Answer, type Entries, type Image, type ImageChanges, type Visibility } from '@imago/core'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { calledOf, type FoundImage } from '../place.ts'
import { Problem } from '../problem.ts'
import { bytesOption, entriesOf } from '../writing/arguments.ts'
import { changeEach, type ChangeOptions } from '../writing/change-each.ts'
import type { WriteContext } from '../writing/write-context.ts'

export interface SetOptions extends ChangeOptions {
  readonly name?: string
  readonly description?: string
  readonly kind?: 'snapshot'
  readonly label?: readonly string[]
  readonly removeLabel?: readonly string[]
  readonly tag?: readonly string[]
  readonly removeTag?: readonly string[]
  readonly property?: readonly string[]
  readonly removeProperty?: readonly string[]
  readonly minDisk?: string
  readonly minRam?: string
  readonly visibility?: Exclude<Visibility, 'unknown'>
}

const entryChanges = (option: string, set: readonly string[] | undefined, remove: readonly string[] | undefined): Entries | undefined => {
  if (set === undefined && remove === undefined) return undefined
  return { ...entriesOf(option, set), ...Object.fromEntries((remove ?? []).map((key) => [key, null])) }
}

const given = <K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } => (value === undefined ? {} : ({ [key]: value } as { readonly [k in K]: V }))

/** What is asked for, whatever the image is like. */
const changesOf = (options: SetOptions): ImageChanges => ({
  ...given('kind', options.kind),
  ...given('name', options.name),
  ...given('description', options.description),
  ...given('labels', entryChanges('--label', options.label, options.removeLabel)),
  ...given('properties', entryChanges('--property', options.property, options.removeProperty)),
  ...given('minDisk', options.minDisk === undefined ? undefined : bytesOption('--min-disk', options.minDisk)),
  ...given('minRam', options.minRam === undefined ? undefined : bytesOption('--min-ram', options.minRam)),
})

/** Tags are replaced as a whole, so what an image has is needed to add one. */
const tagsOf = ({ tags }: Image, { tag = [], removeTag = [] }: SetOptions): readonly string[] => [...new Set([...tags, ...tag])].filter((one) => !removeTag.includes(one))

const answersOf = ({ source, image }: FoundImage, changes: ImageChanges, options: SetOptions, { signal }: WriteContext): readonly Answer<Image>[] => {
  const { id } = image.ref
  const isTagged = options.tag !== undefined || options.removeTag !== undefined
  const all = isTagged ? { ...changes, tags: tagsOf(image, options) } : changes
  const { visibility } = options
  return [
    ...(Object.keys(all).length === 0 ? [] : [perform(source, 'update', id, all, { signal })]),
    ...(visibility === undefined ? [] : [perform(source, 'setVisibility', id, visibility, { signal })]),
  ]
}

const named = (changes: ImageChanges, { tag, removeTag, visibility }: SetOptions): readonly string[] => [
  ...Object.keys(changes),
  ...(tag === undefined && removeTag === undefined ? [] : ['tags']),
  ...(visibility === undefined ? [] : ['visibility']),
]

/** `imago set`: changes what users may say of an image. Labels, tags and properties that are not named stay. */
export const set = async (words: readonly string[], options: SetOptions, context: WriteContext): Promise<ExitCode> => {
  const changes = changesOf(options)
  if (named(changes, options).length === 0) {
    throw new Problem('say what to set: --name, --description, --label, --tag, --property … (see --help)', EXIT.usage)
  }
  return changeEach(context, words, options, (found) => answersOf(found, changes, options, context), (image) => `${calledOf(image)}: ${named(changes, options).join(', ')} set`)
}
