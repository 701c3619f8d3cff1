import type { ErrorDetails } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { EMPTY, isList, isMapping, readText, type Mapping, type Value } from './value.ts'

/** A configured region: its name (`null`: none) and its overrides of the cloud's settings. */
export interface RegionEntry {
  readonly name: string | null
  readonly values: Mapping
}

const INVALID: ErrorDetails = {
  what: 'an entry of regions is neither a name nor a mapping with name and values',
  hint: 'Write regions as a list of names, or of mappings with name and values',
}

const NAMELESS: RegionEntry = { name: null, values: EMPTY }

const isEntryKey = (key: string): boolean => key === 'name' || key === 'values'

const toEntry = (value: Value): RegionEntry | null => {
  const plain = readText(value)
  if (plain !== null) return { name: plain === '' ? null : plain, values: EMPTY }
  if (!isMapping(value) || ![...value.keys()].every(isEntryKey)) return null
  const name = readText(value.get('name'))
  const values = value.get('values') ?? EMPTY
  return name === null || !isMapping(values) ? null : { name, values }
}

const toEntries = (list: readonly Value[]): E.Either<ErrorDetails, readonly RegionEntry[]> => {
  const entries = list.map(toEntry)
  const valid = entries.filter((entry) => entry !== null)
  if (valid.length < entries.length) return E.left(INVALID)
  // A duplicate name cannot be selected, so the first entry is kept.
  return E.right(
    valid.length === 0
      ? [NAMELESS]
      : valid.filter(({ name }, index) => valid.findIndex((one) => one.name === name) === index),
  )
}

/** Reads the regions of one mapping, or `null`. `regions` takes precedence over `region_name`, which may be a list or comma-separated. */
const readRegions = (settings: Mapping): E.Either<ErrorDetails, readonly RegionEntry[]> | null => {
  const regions = settings.get('regions')
  if (regions !== undefined && regions !== null) return isList(regions) ? toEntries(regions) : E.left(INVALID)
  const name = settings.get('region_name')
  if (name === undefined || name === null) return null
  if (isList(name)) return toEntries(name)
  return toEntries((readText(name) ?? '').split(',').map((one) => one.trim()))
}

/** The regions of the entry, else of its profile, else one without a name (`loader.py`, `_get_known_regions`). */
export const readKnownRegions = (entry: Mapping, profile: Mapping): E.Either<ErrorDetails, readonly RegionEntry[]> =>
  readRegions(entry) ?? readRegions(profile) ?? E.right([NAMELESS])
