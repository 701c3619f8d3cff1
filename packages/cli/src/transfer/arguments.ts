import * as E from 'fp-ts/lib/Either.js'
import { existsSync } from 'node:fs'
import { EXIT } from '../exit-code.ts'
import { FILE_START, parseAddress, type ImageAddress } from '../parse-address.ts'
import { Problem } from '../problem.ts'

/** A source of a transfer. */
export type SourceArgument =
  | ImageAddress
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }

/** The target of a transfer: a cloud with an optional name, or a file. */
export type TargetArgument =
  | { readonly kind: 'cloud'; readonly cloud: string; readonly name: string | null }
  | { readonly kind: 'file'; readonly path: string }

/** Parses the source of a transfer. A word without a colon is a file, if it exists. */
export const parseSource = (text: string): SourceArgument => {
  const place = parseAddress(text)
  if (E.isRight(place)) return place.right
  if (!text.includes(':') && existsSync(text)) return { kind: 'file', path: text }
  throw new Problem(`${place.left}; name a file as ./name`, EXIT.usage)
}

const CLOUD_END = /^([^:]+):(.*)$/s

/** Parses the target of a transfer: `cloud:`, `cloud:name`, or a file. */
export const parseTarget = (text: string): TargetArgument => {
  const place = parseAddress(text)
  if (E.isRight(place) && place.right.kind === 'file') return place.right
  if (E.isRight(place) && place.right.kind === 'url')
    throw new Problem(`invalid target ${text}: images cannot be uploaded to a URL`, EXIT.usage)
  const [, cloud, name = ''] = CLOUD_END.exec(text) ?? []
  if (cloud === undefined)
    throw new Problem(`invalid target ${text}. Name a cloud as cloud: or cloud:name, or a file as ./name`, EXIT.usage)
  if (name.startsWith('id:'))
    throw new Problem(`invalid target ${text}: a new image gets its own ID. Use ${cloud}: or ${cloud}:name`, EXIT.usage)
  return { kind: 'cloud', cloud, name: name === '' ? null : name.replace(/^name:/, '') }
}

/**
 * A path that is parsed as a file: with `./`, so that it is not read as a cloud. Standard input and output (`-`) are refused, because a resumed
 * transfer reads the source again, and a target is written only after verification.
 */
export const toFileArgument = (path: string): string => {
  if (path === '-')
    throw new Problem(
      'standard input and output are not supported: name a file. For a file named -, use ./-',
      EXIT.usage,
    )
  return FILE_START.test(path) ? path : `./${path}`
}

/** The file of an upload, as `toFileArgument` returns it. URLs are refused. */
export const toUploadArgument = (path: string): string => {
  const address = parseAddress(path)
  if (E.isRight(address) && address.right.kind === 'url')
    throw new Problem('upload needs a file. To transfer from a URL, use imago copy', EXIT.usage)
  return toFileArgument(path)
}
