import { readDump, type Dump, type DumpOptions } from '@imago/core'
import { readers } from './readers.ts'

/** As `DumpOptions`. Default for `readers`: those of all bundled providers. */
export type NormalizeOptions = Partial<DumpOptions>

/**
 * Normalizes a saved document of any provider. Never throws; unreadable records are in `rejected`.
 *
 * @example normalize(JSON.parse(text)).items.map((image) => image.ref.id)
 */
export const normalize = (document: unknown, options: NormalizeOptions = {}): Dump =>
  readDump(document, { readers, ...options })
