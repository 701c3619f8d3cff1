import { dateToInstant } from '@imago/codec'
import {
  openStoreWriter,
  parseStoreTarget,
  type StoreChanges,
  type StoreError,
  type StoreTarget,
  type StoreWriter,
} from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import { randomUUID } from 'node:crypto'
import { EXIT } from '../../exit-code.ts'
import { count } from '../../output/count.ts'
import { maskUrls, secrets } from '../../output/mask.ts'
import { Problem } from '../../problem.ts'
import { SELECTION_NAMES } from '../../options/selection.ts'
import { VERSION } from '../../version.ts'
import type { ExportOptions } from './options.ts'
import { toStoreProblem } from '../../observing/store-problem.ts'

/** Returns the value of a success. A failure ends the command. */
export const orEnd = <A>(result: E.Either<StoreError, A>): A => {
  if (E.isLeft(result)) throw toStoreProblem(result.left)
  return result.right
}

const addPassword = (url: string): void => {
  if (!URL.canParse(url)) return
  const { password, searchParams } = new URL(url)
  for (const secret of [password, searchParams.get('password') ?? ''])
    if (secret !== '') for (const spelling of new Set([secret, decodeURIComponent(secret)])) secrets.add(spelling)
}

/** Parses the target. An invalid one ends the command. */
export const parseTarget = (text: string): StoreTarget => {
  const target = orEnd(parseStoreTarget(text))
  if (target.format === 'postgres') addPassword(target.url)
  return target
}

/** The time of `--at`, as an instant. An invalid one ends the command. */
export const parseTime = (text: string | undefined, now: number): string => {
  if (text === undefined) return new Date(now).toISOString()
  const instant = dateToInstant(text)
  if (instant === undefined)
    throw new Problem(
      `--at: invalid value ${JSON.stringify(text)}. Use a time such as 2026-10-01 or 2026-10-01T03:00:00Z`,
      EXIT.usage,
    )
  if (Date.parse(instant) > now) throw new Problem(`--at: ${text} is in the future`, EXIT.usage)
  return instant
}

/** The given selection options as JSON; `null`: none. `--hidden` does not count, because hidden images are always stored. */
export const selectionJson = (options: ExportOptions): string | null => {
  const given = SELECTION_NAMES.filter(
    (name) => options[name] !== undefined && (name !== 'hidden' || options.hidden === 'only'),
  )
  return given.length === 0 ? null : JSON.stringify(Object.fromEntries(given.map((name) => [name, options[name]])))
}

export interface Exporter {
  readonly writer: StoreWriter
  /** Whether the target has a history, and so reports changes. */
  readonly hasHistory: boolean
}

export const openExporter = async (
  target: StoreTarget,
  options: ExportOptions,
  origin: 'live' | 'file',
  now: number,
): Promise<Exporter> => {
  const selection = selectionJson(options)
  const run = { id: randomUUID(), at: parseTime(options.at, now), origin, selection, version: VERSION }
  const mask = options.showSecrets === true ? undefined : maskUrls
  return { writer: orEnd(await openStoreWriter(target, { run, mask })), hasHistory: target.format !== 'parquet' }
}

/** `152 images: 3 new, 1 changed, 2 missing` */
export const formatChanges = (changes: StoreChanges, { hasHistory }: Exporter): string => {
  const { images, added, changed, missing } = changes
  const total = count(images, 'image')
  return hasHistory ? `${total}: ${added} new, ${changed} changed, ${missing} missing` : total
}
