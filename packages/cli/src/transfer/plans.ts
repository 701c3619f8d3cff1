import { describeCosts } from '@imago/core'
import { formatCloud, formatImageRef } from '@imago/provider-kit'
import { describeSourceCheck, type Disposition, type PreflightCheck, type Plan } from '@imago/transfer'
import { count } from '../output/count.ts'
import { column, type Column, type ColumnSet } from '../output/column.ts'
import { maskSecrets } from '../output/mask.ts'
import { writeDocument } from '../output/document.ts'
import { sortRows, printRows, type RowRequest } from '../output/rows.ts'
import type { Output } from '../output/stream.ts'
import { printAdaptiveTable, type AdaptiveRow } from '../output/adaptive-table.ts'
import { cut } from '../output/table.ts'
import { visible } from '../output/visible.ts'
import { printMessage } from '../message.ts'
import {
  amountText,
  bytesText,
  isBlocked,
  secondsText,
  sourceText,
  targetText,
  formatTitle,
  writePlan,
} from './plan-text.ts'
import { sourceCheckWord } from './source-check-text.ts'
import { groupBy } from '../group-by.ts'
import { addOptions } from '../remedy.ts'

/** The maximum number of fields named in a row. */
const MAX_NAMED_FIELDS = 6

/** A plan, and the label of its image. */
interface NamedPlan {
  readonly label: string
  /** The label for people: long names are cut, IDs are not. */
  readonly shown: string
  readonly plan: Plan
}

/** The maximum width of a name, which may be followed by an ID. */
const NAME_WIDTH = 32

const formatOrigin = ({ source }: Plan): string =>
  source.kind === 'image' ? formatCloud(source.ref) : source.kind === 'file' ? 'files' : 'URLs'

/** Labels images by name. Missing or ambiguous names are completed by the ID, and by the cloud if there are several. */
const nameImages = (plans: readonly Plan[]): readonly NamedPlan[] => {
  const uses = new Map<string, number>()
  for (const { source } of plans)
    if (source.kind === 'image' && source.name !== null) uses.set(source.name, (uses.get(source.name) ?? 0) + 1)
  const isOneCloud = new Set(plans.map(formatOrigin)).size === 1
  return plans.map((plan) => {
    const { source } = plan
    if (source.kind !== 'image') return { label: sourceText(source), shown: sourceText(source), plan }
    const place = isOneCloud ? `id:${source.ref.id}` : formatImageRef(source.ref)
    const { name } = source
    if (name === null) return { label: place, shown: place, plan }
    const isUnique = isOneCloud && uses.get(name) === 1
    const called = (text: string): string => (isUnique ? text : `${text} (${place})`)
    return { label: called(name), shown: called(cut(visible(name), NAME_WIDTH)), plan }
  })
}

const formatText = ({ format: { from, to, compression, archive, convert } }: Plan): string =>
  `${from ?? '?'}${archive === undefined ? '' : ' in tar'}${compression === null ? '' : ` in ${compression}`}${convert ? ` → ${to ?? '?'}` : ''}`

const countFields = ({ fields }: Plan, disposition: Disposition): number =>
  fields.filter((field) => field.disposition === disposition).length

const joinChecks = (checks: readonly PreflightCheck[], effect: PreflightCheck['effect']): string =>
  checks.flatMap((check) => (check.effect === effect ? [check.check] : [])).join(', ')

/** A row of the table of plans. */
interface PlanRow extends NamedPlan {
  /** The names of the checks that all plans have. */
  readonly common: ReadonlySet<string>
}

/** The checks that block this image; if none does, the warnings that do not apply to all images. */
const formatChecks = ({ plan, common }: PlanRow): string => {
  if (isBlocked(plan)) return `blocked: ${joinChecks(plan.checks, 'blocks')}`
  const own = plan.checks.filter(({ check }) => !common.has(check))
  return own.length === 0 ? '-' : joinChecks(own, 'warns')
}

const findCommonChecks = ([first, ...others]: readonly Plan[]): ReadonlySet<string> => {
  const common = new Set<string>(first?.checks.map(({ check }) => check))
  for (const { checks } of others)
    for (const name of common) if (!checks.some(({ check }) => check === name)) common.delete(name)
  return common
}

const toRows = (plans: readonly Plan[]): readonly PlanRow[] => {
  const common = findCommonChecks(plans)
  return nameImages(plans).map((named) => ({ ...named, common }))
}

const countColumn = (disposition: Disposition): Column<PlanRow> =>
  column(disposition, disposition.toUpperCase(), ({ plan }) => countFields(plan, disposition), { align: 'right' })

/** The columns of plans of several images, a row for each. */
export const PLAN_COLUMNS = ((): ColumnSet<PlanRow> => {
  const table = [
    column<PlanRow>('image', 'IMAGE', ({ label }) => label, { whole: true, show: ({ shown }) => shown }),
    column<PlanRow>('format', 'FORMAT', ({ plan }) => formatText(plan)),
    column<PlanRow>('bytes', 'BYTES', ({ plan }) => plan.source.size, {
      align: 'right',
      show: ({ plan }) => bytesText(plan.source.size),
    }),
    countColumn('kept'),
    countColumn('translated'),
    countColumn('lost'),
    countColumn('needed'),
    column<PlanRow>('seconds', 'TIME', ({ plan }) => plan.estimate.seconds, {
      align: 'right',
      show: ({ plan }) => secondsText(plan.estimate.seconds),
    }),
    column<PlanRow>('source', 'SOURCE CHECKED', ({ plan }) => sourceCheckWord(describeSourceCheck(plan))),
    column<PlanRow>('verification', 'TARGET VERIFIED', ({ plan }) => plan.verification),
    column<PlanRow>('checks', 'CHECKS', formatChecks),
  ]
  const id = column<PlanRow>('id', 'ID', ({ plan }) => plan.id, { whole: true })
  return {
    all: [
      ...table,
      id,
      column<PlanRow>('from', 'FROM', ({ plan }) => sourceText(plan.source)),
      column<PlanRow>('to', 'TO', ({ plan }) => targetText(plan.target)),
    ],
    table,
    id,
  }
})()

const ORDER: readonly Disposition[] = ['needed', 'lost', 'translated']

/** Prints the fields that are not kept, grouped by disposition and reason. The groups with the most images come first. */
const writeDispositions = (plans: readonly Plan[], output: Output): void => {
  const all = plans.flatMap((plan) => plan.fields.map((field) => ({ ...field, plan })))
  const groups = groupBy(all, ({ disposition, reason }) => `${disposition} ${reason ?? ''}`).map((group) => ({
    first: group[0],
    images: new Set(group.map(({ plan }) => plan)).size,
    names: [...new Set(group.map(({ field, entry }) => (entry === null ? field : `${field}.${entry}`)))],
  }))
  const rows: AdaptiveRow[] = []
  for (const disposition of ORDER) {
    for (const { first, images, names } of groups
      .filter((group) => group.first.disposition === disposition)
      .sort((a, b) => b.images - a.images)) {
      const others = names.length - MAX_NAMED_FIELDS
      const shown =
        others > 0 ? `${names.slice(0, MAX_NAMED_FIELDS).join(', ')} and ${count(others, 'other')}` : names.join(', ')
      rows.push({ cells: [disposition, String(images), maskSecrets(first.reason ?? ''), maskSecrets(shown)] })
    }
  }
  printAdaptiveTable(
    output,
    [
      { title: 'BECOMES', isKey: true },
      { title: 'IMAGES', align: 'right', isKey: true },
      { title: 'REASON' },
      { title: 'FIELDS' },
    ],
    rows,
  )
}

const addNumbers = (numbers: readonly (number | null)[]): number =>
  numbers.reduce<number>((sum, one) => sum + (one ?? 0), 0)

/** Formats the total bytes, time and cost of all plans that are not blocked. */
const formatTotals = (plans: readonly Plan[]): readonly string[] => {
  const able = plans.filter((plan) => !isBlocked(plan))
  const blocked = plans.length - able.length
  const unknown = able.filter(({ estimate }) => estimate.bytes === null).length
  const blockedText = blocked === 0 ? '' : `${count(blocked, 'image')} of ${plans.length} cannot be transferred. `
  if (able.length === 0) return [blockedText.trimEnd()]
  const estimates = able.map(({ estimate }) => estimate)
  const some = blocked === 0 ? 'All' : 'The others'
  const isSpoolKnown = estimates.every(({ spoolBytes }) => spoolBytes !== null)
  const spool = isSpoolKnown ? Math.max(...estimates.map(({ spoolBytes }) => spoolBytes ?? 0)) : null
  const costs = describeCosts(
    estimates.flatMap(({ once }) => once),
    estimates.flatMap(({ monthly }) => monthly),
  )
  return [
    ...(unknown === able.length
      ? [`${blockedText}${some}: size and duration are unknown until the sources have been read.`]
      : [
          `${blockedText}${some}: about ${bytesText(addNumbers(estimates.map(({ bytes }) => bytes)))} over the network, ${secondsText(addNumbers(estimates.map(({ seconds }) => seconds)))} one after another; the largest needs ${amountText(spool)} of spool space.`,
          ...(unknown > 0 ? [`Not counted: ${count(unknown, 'image')} of unknown size.`] : []),
        ]),
    ...groupBy(
      estimates.filter(({ resources }) => resources.length > 0),
      ({ resources }) => resources.join(', '),
    ).map(
      (group) =>
        `Requires, for ${group.length === 1 ? 'one image' : `each of ${group.length} images`}: ${group[0].resources.join(', ')}.`,
    ),
    ...(costs === null ? [] : [`Costs ${costs}.`]),
  ]
}

/** Formats each blocking check with the names of its images, and one line for each kind of warning. */
const checkLines = (named: readonly NamedPlan[]): readonly string[] => {
  const all = named.flatMap(({ label, plan }) => plan.checks.map((check) => ({ ...check, label })))
  const blocking = groupBy(
    all.filter(({ effect }) => effect === 'blocks'),
    ({ check, what, hint }) => `${check} ${what} ${hint}`,
  ).map(
    (group) =>
      `Blocked (${group[0].check}), ${[...new Set(group.map(({ label }) => label))].join(', ')}: ${group[0].what}. ${addOptions(group[0].hint, group[0].changes)}.`,
  )
  const warning = groupBy(
    all.filter(({ effect }) => effect === 'warns'),
    ({ check }) => check,
  ).map((group) => {
    const images = new Set(group.map(({ label }) => label))
    const who =
      images.size === named.length
        ? `all ${named.length}`
        : images.size === 1
          ? group[0].label
          : `${images.size} images`
    const texts = groupBy(group, ({ what }) => what)
    return `Note (${group[0].check}), ${who}: ${texts.length === 1 ? '' : `${group[0].label} and others: `}${group[0].what}. ${addOptions(group[0].hint, group[0].changes)}.`
  })
  return [...blocking, ...warning]
}

/** The output options of plans. */
export type PlanRequest = RowRequest<PlanRow>

/** Prints plans of several images for people: a row for each, the fields that are not kept, totals, and checks. */
export const writeOverview = async (plans: readonly Plan[], request: PlanRequest, output: Output): Promise<void> => {
  const line = (text: string): void => output.write(`${visible(maskSecrets(text))}\n`)
  const named = nameImages(plans)
  line(
    `${count(plans.length, 'image')}: ${[...new Set(plans.map(formatOrigin))].join(', ')} → ${[...new Set(plans.map(({ target }) => targetText(target)))].join(', ')}`,
  )
  line('')
  await printRows(PLAN_COLUMNS, request, toRows(plans), output, () => null)
  line('')
  if (plans.some(({ fields }) => fields.some(({ disposition }) => disposition !== 'kept'))) {
    writeDispositions(plans, output)
    line('')
  }
  for (const text of [...formatTotals(plans), ...checkLines(named)]) line(text)
  line('To show each field and step, add --fields, or plan a single image.')
}

/** Prints plans, for people or for `imago apply`. `isWhole`: print every field and step of several images, too. */
export const writePlans = async (
  plans: readonly Plan[],
  request: PlanRequest,
  isWhole: boolean,
  output: Output,
): Promise<void> => {
  const ordered = sortRows(request, toRows(plans)).map(({ plan }) => plan)
  if (request.format === 'json') {
    const [only, ...others] = ordered
    return writeDocument(others.length === 0 ? only : { $schema: 'urn:imago:schema:plans:1', plans: ordered }, output)
  }
  if (request.format !== 'table' || request.columns !== null)
    return printRows(PLAN_COLUMNS, request, toRows(plans), output, () => null)
  if (plans.length > 1 && !isWhole) return writeOverview(plans, request, output)
  ordered.forEach((plan, at) => {
    if (at > 0) output.write('\n')
    writePlan(plan, output)
  })
}

/** Reports on standard error why plans are blocked. */
export const reportBlocked = (messages: Output, plans: readonly Plan[]): void => {
  for (const plan of plans)
    for (const { effect, what, hint, changes } of plan.checks)
      if (effect === 'blocks')
        printMessage(messages, `imago: ${formatTitle(plan)}: ${what}. ${addOptions(hint, changes)}`)
}
