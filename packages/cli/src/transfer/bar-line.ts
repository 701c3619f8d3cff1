import { textWidth } from '../output/text-width.ts'

/** The parts of a progress bar's line. */
export interface BarLine {
  readonly label: string
  readonly step: string
  readonly amount: string
  /** From 0 to 1. */
  readonly part: number
}

const GAP = '  '
/** The width of the longest step name. */
const STEP = 10
const [NARROWEST, WIDEST] = [8, 40]
const LABEL = 12

/** Cuts the start of a label, because the end names images and targets. */
const cutStart = (label: string, width: number): string => {
  if (textWidth(label) <= width) return label
  const characters = [...label]
  let kept = ''
  while (characters.length > 0 && textWidth(`…${characters.at(-1) ?? ''}${kept}`) <= width)
    kept = `${characters.pop() ?? ''}${kept}`
  return `…${kept}`
}

/** Formats a line of at most `width` columns. The amount takes precedence over the bar, and the bar over a long label. */
export const barLine = ({ label, step, amount, part }: BarLine, width: number): string => {
  const room = width - STEP - textWidth(amount) - 2 * GAP.length
  if (room < LABEL) return cutStart([step, amount].join(GAP), width)
  const bar = Math.min(WIDEST, Math.max(room - LABEL - GAP.length, 0), Math.max(NARROWEST, Math.floor(room / 2)))
  const name = cutStart(label, bar < NARROWEST ? room : room - bar - GAP.length)
  const filled = Math.round(bar * Math.min(1, Math.max(0, part)))
  return [name, step.padEnd(STEP), ...(bar < NARROWEST ? [] : ['='.repeat(filled) + '-'.repeat(bar - filled)]), amount]
    .join(GAP)
    .trimEnd()
}
