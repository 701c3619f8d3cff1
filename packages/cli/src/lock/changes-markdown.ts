import { cloudKey, type Pin } from '@imago/lock'
import { maskSecrets } from '../output/mask.ts'
import { visible } from '../output/visible.ts'
import type { ChangeRow } from './change-rows.ts'

/** The maximum length of a text in a table cell, in characters. */
const LONGEST = 120

/** Formats an untrusted text as code, so that it cannot contain markup, links or mentions. */
const code = (text: string): string =>
  `\`${visible(maskSecrets(text.slice(0, LONGEST)))
    .replaceAll('`', "'")
    .replaceAll('|', String.raw`\|`)}\``

const imageText = (pin: Pin | null): string =>
  pin === null ? '' : [code(pin.id), ...(pin.name === null ? [] : [code(pin.name)])].join(' ')

const dateText = (instant: string | null | undefined): string => instant?.slice(0, 10) ?? ''

const HEAD = '| image | cloud | change | from | to | created | unavailable after |\n|---|---|---|---|---|---|---|\n'

/** Formats changes of pins as the text of a pull request. */
export const printChangesMarkdown = (rows: readonly ChangeRow[]): string => {
  if (rows.length === 0) return 'No image changes.\n'
  const lines = rows.map((row) => {
    const { change, image, before, after } = row
    const pin = after ?? before
    const cells = [
      code(image),
      code(pin === null ? row.on : cloudKey(pin)),
      change,
      imageText(before),
      imageText(after),
      dateText(after?.createdAt),
      dateText(after?.unavailableAfter),
    ]
    return `| ${cells.join(' | ')} |\n`
  })
  return `${HEAD}${lines.join('')}`
}
