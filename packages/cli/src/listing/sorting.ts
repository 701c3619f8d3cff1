import type { Image } from '@imago/core'
import { EXIT } from '../exit-code.ts'
import { columnNamed } from '../output/columns.ts'
import { Problem } from '../problem.ts'

type Key = string | number | null

/** What has no value comes last, whatever the direction. Texts go by UTF-16 code units: the same on every machine. */
const compare = (a: Key, b: Key, descending: boolean): number => {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  const [one, other] = typeof a === typeof b ? [a, b] : [String(a), String(b)]
  return one < other === descending ? 1 : -1
}

/** The order that `--sort name,createdAt:desc` asks for. Images that tie stay in the order in which they came, if the sort is stable. */
export const orderNamed = (text: string): ((a: Image, b: Image) => number) => {
  const sorts = text.split(',').map((one) => {
    const [, name = '', direction = 'asc'] = /^(.*?)(?::([^:]*))?$/s.exec(one.trim()) ?? []
    if (direction !== 'asc' && direction !== 'desc') throw new Problem(`--sort: ${direction} is no direction: asc or desc`, EXIT.usage)
    return { key: columnNamed(name).key, descending: direction === 'desc' }
  })
  return (a, b) => {
    for (const { key, descending } of sorts) {
      const order = compare(key(a), key(b), descending)
      if (order !== 0) return order
    }
    return 0
  }
}
