import type { NewImage } from '@imago/core/provider'
import { architectureById } from '@imago/crosswalk'
import * as E from 'fp-ts/lib/Either.js'
import { isUuid } from './image-id.ts'
import { whyNoProperty } from './property-name.ts'
import { toGibibytes, toMebibytes } from './size.ts'

/** Glance's word for the kernel's: the first that the crosswalk has. */
const architectureWord = (architecture: string): string => {
  const words = architectureById(architecture)?.names.glance ?? []
  return words.includes(architecture) ? architecture : (words[0] ?? architecture)
}

/**
 * The record that `POST /v2/images` takes for a new image: base fields and properties side by side.
 * Left: why Glance cannot hold it. There are no labels in Glance.
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
  if (id !== undefined && !isUuid(id)) return E.left(`${id} cannot be an id of Glance’s: those are UUIDs`)
  const [label] = Object.keys(labels)
  if (label !== undefined) return E.left(`Glance has no labels, so it cannot hold ${label}`)
  if (minDisk !== undefined && toGibibytes(minDisk) === null) return E.left(`minDisk ${minDisk} is no size`)
  if (minRam !== undefined && toMebibytes(minRam) === null) return E.left(`minRam ${minRam} is no size`)
  const stated: Readonly<Record<string, string>> = {
    ...(description === undefined ? {} : { description }),
    ...(architecture === undefined ? {} : { architecture: architectureWord(architecture) }),
  }
  for (const [key, value] of Object.entries(properties)) {
    const why = whyNoProperty(key, value)
    if (why !== null) return E.left(why)
    if (Object.hasOwn(stated, key) && stated[key] !== value)
      return E.left(`${key} is asked for twice: it is the property ${key}`)
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
  // From entries: a property may be called `__proto__`.
  return E.right(Object.fromEntries([...Object.entries(properties), ...Object.entries(stated), ...base]))
}
