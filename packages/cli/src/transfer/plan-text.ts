import { describeCosts } from '@imago/core'
import { formatCloud, formatImageRef } from '@imago/provider-kit'
import { describeSourceCheck, type Plan, type PlanSource, type PlanTarget } from '@imago/transfer'
import { maskSecrets } from '../output/mask.ts'
import { formatSize } from '../output/size.ts'
import type { Output } from '../output/stream.ts'
import { printAdaptiveTable } from '../output/adaptive-table.ts'
import { visible } from '../output/visible.ts'
import { addOptions } from '../remedy.ts'
import { sourceCheckText } from './source-check-text.ts'

export const sourceText = (source: PlanSource): string => {
  switch (source.kind) {
    case 'image':
      return source.name === null ? formatImageRef(source.ref) : `${formatImageRef(source.ref)} (${source.name})`
    case 'file':
      return source.path
    case 'url':
      return source.url
  }
}

export const targetText = (target: PlanTarget): string =>
  target.kind === 'file'
    ? target.path
    : `${formatCloud(target.cloud)}${target.store === null ? '' : ` (store ${target.store})`}`

/** Whether a check blocks the plan. Blocked plans are not run. */
export const isBlocked = ({ checks }: Plan): boolean => checks.some(({ effect }) => effect === 'blocks')

/** The source and target of a plan. */
export const formatTitle = ({ source, target }: Plan): string => `${sourceText(source)} → ${targetText(target)}`

export const secondsText = (seconds: number | null): string => {
  if (seconds === null) return '-'
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

export const bytesText = (bytes: number | null): string => (bytes === null ? '-' : formatSize(bytes))

/** The number of bytes, within a sentence. */
export const amountText = (bytes: number | null): string => (bytes === null ? 'an unknown amount' : formatSize(bytes))

const packedText = ({ compression, archive }: Plan['format']): string => {
  if (archive === undefined) return compression === null ? '' : `, compressed with ${compression}`
  const around = `${archive.member === null ? 'in' : `${archive.member} in`} a tar archive`
  return `, ${around}${compression === null ? '' : ` compressed with ${compression}`}`
}

/** The virtual machine of an OVF; `null`: none is described. */
const machineText = ({ format: { archive } }: Plan): string | null => {
  const machine = archive?.machine ?? null
  if (machine === null) return null
  const { name, osType, firmware, secureBoot, cpus, memory } = machine
  const facts = [
    name,
    osType,
    firmware === null ? null : firmware === 'uefi' ? 'UEFI' : 'BIOS',
    secureBoot === true ? 'Secure Boot' : null,
    cpus === null ? null : `${cpus} CPU${cpus === 1 ? '' : 's'}`,
    memory === null ? null : `${formatSize(memory)} of memory`,
  ].filter((one) => one !== null)
  return facts.length === 0 ? null : `OVF: ${facts.join(', ')}`
}

const formatText = ({ format }: Plan): string => {
  const { from, to, convert, virtualSize } = format
  const inside = `${from ?? 'unknown format'}${packedText(format)}`
  const disk = virtualSize === null ? '' : `, disk size ${formatSize(virtualSize)}`
  return convert ? `${inside} → ${to ?? '?'}${disk}` : `${inside}${disk}`
}

/** The maximum length of a value in a table that is not on a terminal. `-o json` has the complete value. */
const MAX_SHORT = 40

const shorten = (value: string): string => (value.length > MAX_SHORT ? `${value.slice(0, MAX_SHORT - 1)}…` : value)

/** Prints a plan as text. */
export const writePlan = (plan: Plan, output: Output): void => {
  const line = (text: string): void => output.write(`${visible(maskSecrets(text))}\n`)
  line(formatTitle(plan))
  line(`  ${formatText(plan)}`)
  const machine = machineText(plan)
  if (machine !== null) line(`  ${machine}`)
  line('')
  printAdaptiveTable(
    output,
    [
      { title: 'FIELD', isKey: true },
      { title: 'BECOMES', isKey: true },
      { title: 'FROM' },
      { title: 'TO' },
      { title: 'REASON' },
    ],
    plan.fields.map(({ field, entry, disposition, from, to, reason }) => {
      const name = maskSecrets(entry === null ? field : `${field}.${entry}`)
      const values = [from, to].map((value) => maskSecrets(value ?? ''))
      const why = maskSecrets(reason ?? '')
      return { cells: [name, disposition, ...values, why], short: [name, disposition, ...values.map(shorten), why] }
    }),
  )
  if (plan.fields.length > 0) line('')
  printAdaptiveTable(
    output,
    [
      { title: 'STEP', isKey: true },
      { title: 'WHAT' },
      { title: 'BYTES', align: 'right', isKey: true },
      { title: 'TIME', align: 'right', isKey: true },
      { title: 'IF INTERRUPTED' },
    ],
    plan.steps.map(({ step, what, bytes, seconds, ifInterrupted }) => ({
      cells: [step, maskSecrets(what), bytesText(bytes), secondsText(seconds), ifInterrupted],
    })),
  )
  line('')
  const { bytes, seconds, spoolBytes, resources, once, monthly } = plan.estimate
  line(
    bytes === null && seconds === null
      ? 'Size and duration are unknown until the source has been read.'
      : `About ${amountText(bytes)} over the network, ${seconds === null ? 'duration unknown' : secondsText(seconds)}; ${amountText(spoolBytes)} of spool space.`,
  )
  line(`Source: ${sourceCheckText(describeSourceCheck(plan))}. Target: will be verified by ${plan.verification}.`)
  if (resources.length > 0) line(`Requires ${resources.join(', ')}.`)
  const costs = describeCosts(once, monthly)
  if (costs !== null) line(`Costs ${costs}.`)
  for (const { check, effect, what, hint, changes } of plan.checks)
    line(`${effect === 'blocks' ? 'Blocked' : 'Note'} (${check}): ${what}. ${addOptions(hint, changes)}.`)
}
