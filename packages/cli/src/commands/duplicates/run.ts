import { formatMonthlyCosts, type Image, type MonthlyCost } from '@imago/core'
import { findDuplicates, type DuplicateGroup } from '@imago/lifecycle'
import type { ExitCode } from '../../exit-code.ts'
import { parseSelection } from '../../listing/query-options.ts'
import { withUsage } from '../../listing/usage-selection.ts'
import type { LiveContext } from '../../live.ts'
import { hasSummary, printMessage } from '../../message.ts'
import { createCostColumn } from '../../observing/cost-column.ts'
import { createCostLookup } from '../../observing/cost.ts'
import { createSelector, observeClouds, selectionExitCode } from '../../observing/observe-clouds.ts'
import { column, instantColumn, type ColumnSet } from '../../output/column.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { formatSize } from '../../output/size.ts'
import type { DuplicatesOptions } from './options.ts'

/** An image of a group of duplicates. */
interface Duplicate {
  /** The number of the group, from 1. */
  readonly group: number
  readonly evidence: DuplicateGroup['evidence']
  readonly image: Image
  readonly cost: MonthlyCost
}

const COLUMNS: ColumnSet<Duplicate> = (() => {
  const id = column<Duplicate>('id', 'ID', ({ image }) => image.ref.id, { whole: true })
  const table = [
    column<Duplicate>('group', 'GROUP', ({ group }) => group, { align: 'right' }),
    column<Duplicate>('evidence', 'EVIDENCE', ({ evidence }) => evidence),
    column<Duplicate>('name', 'NAME', ({ image }) => image.name ?? image.description),
    column<Duplicate>('cloud', 'CLOUD', ({ image: { ref } }) => ref.cloud),
    id,
    column<Duplicate>('size', 'STORED', ({ image: { size } }) => size.stored, {
      align: 'right',
      show: ({ image: { size } }) => (size.stored === null ? '-' : formatSize(size.stored)),
    }),
    instantColumn<Duplicate>('createdAt', 'CREATED', ({ image }) => image.createdAt),
    createCostColumn<Duplicate>(({ cost }) => cost),
  ]
  const more = [
    column<Duplicate>('region', 'REGION', ({ image: { ref } }) => ref.region),
    column<Duplicate>('provider', 'PROVIDER', ({ image: { ref } }) => ref.provider),
  ]
  return { all: [...table, ...more], table, csv: [...table, ...more], id }
})()

const toDocument = (rows: readonly Duplicate[]): unknown => {
  const groups = [...new Set(rows.map(({ group }) => group))].map((number) =>
    rows.filter(({ group }) => group === number),
  )
  return {
    $schema: 'urn:imago:schema:duplicates:1',
    groups: groups.map((members) => ({
      evidence: members[0]?.evidence,
      images: members.map(({ image: { ref, name, description, size, createdAt, digests }, cost }) => ({
        ref,
        name,
        description,
        createdAt,
        stored: size.stored,
        digests,
        monthlyCost: cost,
      })),
    })),
  }
}

/** `imago duplicates`: lists groups of images with the same content. */
export const duplicates = async (
  names: readonly string[],
  options: DuplicatesOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const selection = parseSelection(options, { now: live.timing.clock(), providers: live.providers })
  const observed = await observeClouds(live, names, withUsage(selection, ['prices']))
  const lookUpCost = createCostLookup(observed.clouds.map(({ observation }) => observation))
  const images: Image[] = []
  for (const cloud of observed.clouds)
    images.push(...cloud.observation.images.items.filter(await createSelector(live, cloud, selection)))
  const groups = findDuplicates(images)
  const rows = groups.flatMap(({ evidence, images: members }, index) =>
    members.map((image): Duplicate => ({ group: index + 1, evidence, image, cost: lookUpCost(image) })),
  )
  await printRows(COLUMNS, request, sortRows(request, rows), live.output, toDocument)
  await live.output.end()
  if (groups.length === 0 && hasSummary(live.messages, options, 0))
    printMessage(live.messages, `no duplicates among ${count(images.length, 'image')}`)
  else if (hasSummary(live.messages, options, rows.length)) {
    // The oldest image of each group is kept.
    const spare = formatMonthlyCosts(groups.flatMap(({ images: [, ...others] }) => others.map(lookUpCost)))
    printMessage(
      live.messages,
      `${count(groups.length, 'group')} of ${count(images.length, 'image')}${spare === null ? '' : `; keeping the oldest of each would save ${spare} a month (net)`}`,
    )
  }
  await live.messages.end()
  return selectionExitCode(observed, selection)
}
