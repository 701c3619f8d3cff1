import { formatCloud, formatImageRef } from '@imago/provider-kit'
import { describeSourceCheck, type Money, type Plan, type PlanSource, type PlanTarget } from '@imago/transfer'
import { maskSecrets } from '../output/mask.ts'
import { formatSize } from '../output/size.ts'
import type { Output } from '../output/stream.ts'
import { createTable } from '../output/table.ts'
import { visible } from '../output/visible.ts'
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

/** Of plans that are blocked, nothing is carried out. */
export const isBlocked = ({ checks }: Plan): boolean => checks.some(({ effect }) => effect === 'blocks')

/** A plan in a few words. */
export const formatTitle = ({ source, target }: Plan): string => `${sourceText(source)} → ${targetText(target)}`

export const secondsText = (seconds: number | null): string => {
  if (seconds === null) return '-'
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

export const bytesText = (bytes: number | null): string => (bytes === null ? '-' : formatSize(bytes))

export const moneyText = (sums: readonly Money[]): string =>
  sums.map(({ amount, currency }) => `${amount} ${currency}`).join(' + ')

const packedText = ({ compression, archive }: Plan['format']): string => {
  if (archive === undefined) return compression === null ? '' : `, compressed with ${compression}`
  const around = `${archive.member === null ? 'in' : `${archive.member} in`} a tar archive`
  return `, ${around}${compression === null ? '' : ` compressed with ${compression}`}`
}

/** What an OVF says of its machine; `null`: there is none, or it says nothing. */
const machineText = ({ format: { archive } }: Plan): string | null => {
  const machine = archive?.machine ?? null
  if (machine === null) return null
  const { name, osType, firmware, secureBoot, cpus, memory } = machine
  const said = [
    name,
    osType,
    firmware === null ? null : firmware === 'uefi' ? 'UEFI' : 'BIOS',
    secureBoot === true ? 'Secure Boot' : null,
    cpus === null ? null : `${cpus} CPU${cpus === 1 ? '' : 's'}`,
    memory === null ? null : `${formatSize(memory)} of memory`,
  ].filter((one) => one !== null)
  return said.length === 0 ? null : `OVF: ${said.join(', ')}`
}

const formatText = ({ format }: Plan): string => {
  const { from, to, convert, virtualSize } = format
  const inside = `${from ?? 'a format that the inspection will tell'}${packedText(format)}`
  const disk = virtualSize === null ? '' : `, a disk of ${formatSize(virtualSize)}`
  return convert ? `${inside} → ${to ?? '?'}${disk}` : `${inside}${disk}`
}

/** The most characters of a value that a table shows; the plan itself has all of them. */
const MOST_SHOWN = 40

const shown = (value: string | null): string => {
  if (value === null) return '-'
  const masked = maskSecrets(value)
  return masked.length > MOST_SHOWN ? `${masked.slice(0, MOST_SHOWN - 1)}…` : masked
}

/** A plan for people. */
export const writePlan = (plan: Plan, output: Output): void => {
  const line = (text: string): void => output.write(`${visible(maskSecrets(text))}\n`)
  line(formatTitle(plan))
  line(`  ${formatText(plan)}`)
  const machine = machineText(plan)
  if (machine !== null) line(`  ${machine}`)
  line('')
  const fields = createTable(output, [
    { title: 'FIELD' },
    { title: 'BECOMES' },
    { title: 'FROM' },
    { title: 'TO' },
    { title: 'WHY' },
  ])
  for (const { field, entry, disposition, from, to, reason } of plan.fields)
    fields.row([
      maskSecrets(entry === null ? field : `${field}.${entry}`),
      disposition,
      shown(from),
      shown(to),
      maskSecrets(reason ?? '-'),
    ])
  fields.end()
  if (plan.fields.length > 0) line('')
  const steps = createTable(output, [
    { title: 'STEP' },
    { title: 'WHAT' },
    { title: 'BYTES', align: 'right' },
    { title: 'TIME', align: 'right' },
    { title: 'A CRASH THEN' },
  ])
  for (const { step, what, bytes, seconds, ifInterrupted } of plan.steps)
    steps.row([step, maskSecrets(what), bytesText(bytes), secondsText(seconds), ifInterrupted])
  steps.end()
  line('')
  const { bytes, seconds, spoolBytes, resources, once, monthly } = plan.estimate
  line(`About ${bytesText(bytes)} over the network, ${secondsText(seconds)}; ${bytesText(spoolBytes)} of spool.`)
  line(`Source: ${sourceCheckText(describeSourceCheck(plan))}. Target: to be verified by ${plan.verification}.`)
  if (resources.length > 0) line(`Needs ${resources.join(', ')}.`)
  if (once.length + monthly.length > 0)
    line(
      `Costs about ${[...(once.length > 0 ? [`${moneyText(once)} once`] : []), ...(monthly.length > 0 ? [`${moneyText(monthly)} a month`] : [])].join(', ')}.`,
    )
  for (const { check, effect, what, hint } of plan.checks)
    line(`${effect === 'blocks' ? 'Blocked' : 'Note'} (${check}): ${what}. ${hint}.`)
}
