import { readDump, type Dump, type DumpOptions } from '@imago/core'
import { readers } from './readers.ts'

/** As `DumpOptions`; the readers are those of all providers that imago brings, unless others are named. */
export type NormalizeOptions = Partial<DumpOptions>

/**
 * Normalizes a saved document of any provider. Never throws; what could not be read stands in `rejected`.
 *
 * @example normalize(JSON.parse(text)).items.map((image) => image.ref.id)
 */
export const normalize = (document: unknown, options: NormalizeOptions = {}): Dump =>
  readDump(document, { readers, ...options })
