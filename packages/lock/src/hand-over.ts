import * as E from 'fp-ts/lib/Either.js'
import type { Lock } from './lock-file.ts'
import { cloudKey, type Pin } from './pin.ts'

/** The formats of other tools for the IDs of a lock. */
export const HAND_OVER_FORMATS = ['tfvars', 'pkrvars', 'ansible', 'env'] as const
export type HandOverFormat = (typeof HAND_OVER_FORMATS)[number]

/** The variable with all IDs, for tools that have maps. */
const VARIABLE = 'image_ids'

const byImage = ({ pins }: Lock): readonly (readonly [image: string, pins: readonly Pin[]])[] =>
  [...new Set(pins.map(({ image }) => image))].map((image) => [image, pins.filter((pin) => pin.image === image)])

/** A quoted template of HCL, in which `${` and `%{` would begin an expression. */
const hclText = (text: string): string =>
  JSON.stringify(text).replaceAll(/[$%]\{/g, (sign) => `${sign.charAt(0)}${sign}`)

const hcl = (lock: Lock): string => {
  const images = byImage(lock).map(
    ([image, pins]) =>
      `  ${hclText(image)} = {\n${pins.map((pin) => `    ${hclText(cloudKey(pin))} = ${hclText(pin.id)}\n`).join('')}  }\n`,
  )
  return `${VARIABLE} = {\n${images.join('')}}\n`
}

/** JSON strings are also YAML strings. */
const yaml = (lock: Lock): string => {
  const images = byImage(lock).map(
    ([image, pins]) =>
      `  ${JSON.stringify(image)}:\n${pins.map((pin) => `    ${JSON.stringify(cloudKey(pin))}: ${JSON.stringify(pin.id)}\n`).join('')}`,
  )
  return images.length === 0 ? `${VARIABLE}: {}\n` : `${VARIABLE}:\n${images.join('')}`
}

const toVariable = (pin: Pin): string =>
  `IMAGE_${pin.image}_${cloudKey(pin)}`.toUpperCase().replaceAll(/[^A-Z\d]+/g, '_')

const shellText = (text: string): string =>
  /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

const env = ({ pins }: Lock): E.Either<string, string> => {
  const names = new Map<string, Pin>()
  for (const pin of pins) {
    const name = toVariable(pin)
    const other = names.get(name)
    if (other !== undefined)
      return E.left(
        `${pin.image} on ${cloudKey(pin)} and ${other.image} on ${cloudKey(other)} would both be the variable ${name}: rename one`,
      )
    if (/[\r\n\0]/.test(pin.id)) return E.left(`the ID of ${pin.image} on ${cloudKey(pin)} has a line break`)
    names.set(name, pin)
  }
  return E.right([...names].map(([name, { id }]) => `${name}=${shellText(id)}\n`).join(''))
}

/** Prints the IDs of a lock for another tool. Left: two pins would have the same name. */
export const printHandOver = (lock: Lock, format: HandOverFormat): E.Either<string, string> => {
  switch (format) {
    case 'tfvars':
    case 'pkrvars':
      return E.right(hcl(lock))
    case 'ansible':
      return E.right(yaml(lock))
    case 'env':
      return env(lock)
  }
}
