import type { Image } from '@imago/core'
import { diffImages, toJsonPatch, type DiffEntry, type FieldChange, type ImageDiff } from '@imago/lifecycle'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseSelection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { mergeExitCodes } from '../../live-problem.ts'
import { printMessage } from '../../message.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import type { DiffOptions } from './options.ts'
import { readSide } from './side.ts'

const SIGNS: Readonly<Record<DiffEntry['state'], string>> = {
  same: '=',
  changed: '~',
  added: '+',
  removed: '-',
  unknown: '?',
}

const toImage = (entry: DiffEntry): Image => ('image' in entry ? entry.image : entry.after)

const formatValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

type Entries = Readonly<Record<string, unknown>>

const isEntries = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The changed entries of a map: `labels.env: prod (added)`. */
const describeEntries = (field: string, before: Entries, after: Entries): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const name = `${field}.${key}`
    if (!Object.hasOwn(before, key)) return [`${name}: ${formatValue(after[key])} (added)`]
    if (!Object.hasOwn(after, key)) return [`${name}: ${formatValue(before[key])} (removed)`]
    return before[key] === after[key] ? [] : [`${name}: ${formatValue(before[key])} → ${formatValue(after[key])}`]
  })

const describeChange = ({ field, before, after }: FieldChange): readonly string[] =>
  isEntries(before) && isEntries(after)
    ? describeEntries(field, before, after)
    : [`${field}: ${formatValue(before)} → ${formatValue(after)}`]

/** Formats a difference: `os.version: 12 → 13`. */
const describeEntry = (entry: DiffEntry): string => {
  switch (entry.state) {
    case 'changed':
      return entry.changes.flatMap(describeChange).join('; ')
    case 'unknown':
      return `not in the ${entry.missingFrom === 'after' ? 'second' : 'first'} list, which is incomplete`
    case 'same':
    case 'added':
    case 'removed':
      return ''
  }
}

const COLUMNS: ColumnSet<DiffEntry> = (() => {
  const id = column<DiffEntry>('id', 'ID', (entry) => toImage(entry).ref.id, { whole: true })
  const table = [
    column<DiffEntry>('sign', '', ({ state }) => SIGNS[state]),
    column<DiffEntry>('state', 'STATE', ({ state }) => state),
    column<DiffEntry>('name', 'NAME', (entry) => toImage(entry).name ?? toImage(entry).description),
    column<DiffEntry>('cloud', 'CLOUD', (entry) => toImage(entry).ref.cloud),
    id,
    column<DiffEntry>('changes', 'CHANGES', describeEntry),
  ]
  const more = [
    column<DiffEntry>('beforeId', 'BEFORE ID', (entry) => ('before' in entry ? entry.before.ref.id : null)),
    column<DiffEntry>('matchedBy', 'MATCHED BY', (entry) => ('by' in entry ? entry.by : null)),
  ]
  return { all: [...table, ...more], table, csv: [...table.slice(1), ...more], id }
})()

const summarize = ({ ref, name, description }: Image): unknown => ({ ref, name, description })

const toEntryDocument = (entry: DiffEntry): unknown =>
  'image' in entry
    ? { ...entry, image: summarize(entry.image) }
    : {
        state: entry.state,
        by: entry.by,
        before: summarize(entry.before),
        after: summarize(entry.after),
        changes: entry.state === 'changed' ? entry.changes : [],
        patch: entry.state === 'changed' ? toJsonPatch(entry.changes) : [],
      }

const countStates = ({ entries }: ImageDiff): Readonly<Record<DiffEntry['state'], number>> => {
  const counts = { same: 0, changed: 0, added: 0, removed: 0, unknown: 0 }
  for (const { state } of entries) counts[state]++
  return counts
}

/** `imago diff`: returns 0 without differences, else 1. A side that was read incompletely determines the exit code. */
export const diff = async (
  { before, after }: { readonly before: string; readonly after: string },
  options: DiffOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const selection = parseSelection(options, { now: live.timing.clock(), providers: live.providers })
  const first = await readSide(live, before, selection)
  const second = await readSide(live, after, selection)
  const result = diffImages(first, second, options.matchBy)
  const counts = countStates(result)
  const shown = options.all === true ? result.entries : result.entries.filter(({ state }) => state !== 'same')
  await printRows(COLUMNS, request, sortRows(request, shown), live.output, (entries) => ({
    $schema: 'urn:imago:schema:diff:1',
    matchedBy: result.matchedBy,
    isComplete: { before: first.isComplete, after: second.isComplete },
    counts,
    entries: entries.map(toEntryDocument),
  }))
  await live.output.end()
  if (options.quiet !== true && live.messages.isTerminal)
    printMessage(
      live.messages,
      `${counts.added} added, ${counts.removed} removed, ${counts.changed} changed, ${counts.same} the same${counts.unknown > 0 ? `, ${count(counts.unknown, 'image')} unknown` : ''}`,
    )
  await live.messages.end()
  const failures = [first.exitCode, second.exitCode].filter((code) => code !== EXIT.done)
  if (failures.length > 0) return mergeExitCodes(failures)
  return counts.added + counts.removed + counts.changed > 0 ? EXIT.error : EXIT.done
}
