import * as E from 'fp-ts/lib/Either.js'
import { existsSync } from 'node:fs'
import { EXIT } from '../exit-code.ts'
import { FILE_START, ADDRESS_SYNTAX, parseAddress, type ImageAddress } from '../parse-address.ts'
import { Problem } from '../problem.ts'

/** Where an image comes from. */
export type SourceArgument =
  | ImageAddress
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }

/** Where it is to go: a cloud, under a name or the one it has; or a file. */
export type TargetArgument =
  | { readonly kind: 'cloud'; readonly cloud: string; readonly name: string | null }
  | { readonly kind: 'file'; readonly path: string }

/** What a user names as the source of a move. What has no colon names no image: it is the file of that name, if there is one. */
export const parseSource = (text: string): SourceArgument => {
  const place = parseAddress(text)
  if (E.isRight(place)) return place.right
  if (!text.includes(':') && existsSync(text)) return { kind: 'file', path: text }
  throw new Problem(`${place.left}; name a file as ./name`, EXIT.usage)
}

const CLOUD_END = /^([^:]+):(.*)$/s

/** What a user names as the target of a move: `cloud:`, `cloud:name`, or a file. */
export const parseTarget = (text: string): TargetArgument => {
  const place = parseAddress(text)
  if (E.isRight(place) && place.right.kind === 'file') return place.right
  if (E.isRight(place) && place.right.kind === 'url')
    throw new Problem(`${text} is a URL: images can come from one, but not go there`, EXIT.usage)
  const [, cloud, name = ''] = CLOUD_END.exec(text) ?? []
  if (cloud === undefined)
    throw new Problem(
      `${text} is no target. A cloud is named as cloud: or cloud:name, a file as ./name. ${ADDRESS_SYNTAX}`,
      EXIT.usage,
    )
  if (name.startsWith('id:'))
    throw new Problem(`${text} names an id, and a new image gets its own. Write ${cloud}: or ${cloud}:name`, EXIT.usage)
  return { kind: 'cloud', cloud, name: name === '' ? null : name.replace(/^name:/, '') }
}

/**
 * A file as a word that is read as one: what has no `./` before it would be taken for a cloud. Not `-`, which stands for a stream: bytes are read
 * once more after a crash, and nobody is given them before all were verified.
 */
export const toFileArgument = (path: string): string => {
  if (path === '-')
    throw new Problem(
      '- is no file: images are read from files, and written to files once all of it was verified. For a file of that name write ./-',
      EXIT.usage,
    )
  return FILE_START.test(path) ? path : `./${path}`
}
