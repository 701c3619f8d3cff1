import type { NewImage } from '@imago/core/provider'
import { findArchitectureById } from '@imago/crosswalk'
import * as E from 'fp-ts/lib/Either.js'
import { isUuid } from './image-id.ts'
import { findPropertyProblem } from './property-name.ts'
import { toGibibytes, toMebibytes } from './size.ts'

/** Glance's name of an architecture: the first one in the crosswalk. */
const architectureWord = (architecture: string): string => {
  const words = findArchitectureById(architecture)?.names.glance ?? []
  return words.includes(architecture) ? architecture : (words[0] ?? architecture)
}

/**
 * The body of `POST /v2/images`: base fields and properties in one object.
 * Left: values that Glance cannot store, such as labels.
 */
export const newImageRecord = (request: NewImage): E.Either<string, Readonly<Record<string, unknown>>> => {
  const {
    id,
    name,
    diskFormat,
    containerFormat = 'bare',
    architecture,
    visibility,
    description,
    labels = {},
    tags,
    properties = {},
    minDisk,
    minRam,
  } = request
  if (id !== undefined && !isUuid(id)) return E.left(`invalid image ID ${id}: IDs at Glance are UUIDs`)
  const [label] = Object.keys(labels)
  if (label !== undefined) return E.left(`Glance has no labels: cannot set ${label}`)
  if (minDisk !== undefined && toGibibytes(minDisk) === null) return E.left(`invalid minDisk: ${minDisk}`)
  if (minRam !== undefined && toMebibytes(minRam) === null) return E.left(`invalid minRam: ${minRam}`)
  const stated: Readonly<Record<string, string>> = {
    ...(description === undefined ? {} : { description }),
    ...(architecture === undefined ? {} : { architecture: architectureWord(architecture) }),
  }
  for (const [key, value] of Object.entries(properties)) {
    const why = findPropertyProblem(key, value)
    if (why !== null) return E.left(why)
    if (Object.hasOwn(stated, key) && stated[key] !== value)
      return E.left(`the ${key} and the property ${key} are the same field, but have different values: set only one`)
  }
  const base = Object.entries({
    id,
    name,
    disk_format: diskFormat,
    container_format: containerFormat,
    visibility,
    tags: tags === undefined ? undefined : [...new Set(tags)],
    min_disk: minDisk === undefined ? undefined : toGibibytes(minDisk),
    min_ram: minRam === undefined ? undefined : toMebibytes(minRam),
  }).filter(([, value]) => value !== undefined)
  // `Object.fromEntries`, because a property may be named `__proto__`.
  return E.right(Object.fromEntries([...Object.entries(properties), ...Object.entries(stated), ...base]))
}
