import * as E from 'fp-ts/lib/Either.js'
import type { Lock } from './lock-file.ts'
import { cloudKey, type Pin } from './pin.ts'

/** The forms in which other tools take the IDs of a lock. */
export const HAND_OVER_FORMATS = ['tfvars', 'pkrvars', 'ansible', 'env'] as const
export type HandOverFormat = (typeof HAND_OVER_FORMATS)[number]

/** The variable that holds all IDs, in tools that have maps. */
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

/** Texts of JSON are texts of YAML. */
const yaml = (lock: Lock): string => {
  const images = byImage(lock).map(
    ([image, pins]) =>
      `  ${JSON.stringify(image)}:\n${pins.map((pin) => `    ${JSON.stringify(cloudKey(pin))}: ${JSON.stringify(pin.id)}\n`).join('')}`,
  )
  return images.length === 0 ? `${VARIABLE}: {}\n` : `${VARIABLE}:\n${images.join('')}`
}

const variableOf = (pin: Pin): string =>
  `IMAGE_${pin.image}_${cloudKey(pin)}`.toUpperCase().replaceAll(/[^A-Z\d]+/g, '_')

const shellText = (text: string): string =>
  /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

const env = ({ pins }: Lock): E.Either<string, string> => {
  const names = new Map<string, Pin>()
  for (const pin of pins) {
    const name = variableOf(pin)
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

/** The IDs of a lock, as another tool takes them. Left: two pins would have one name there. */
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
