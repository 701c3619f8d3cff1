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

const NO_STREAMS = 'standard input and output (-) are not supported. Name a file; for a file named -, use ./-'

/** Parses the source of a transfer. A word without a colon is a file, if it exists. */
export const parseSource = (text: string): SourceArgument => {
  if (text === '-') throw new Problem(NO_STREAMS, EXIT.usage)
  const place = parseAddress(text)
  if (E.isRight(place)) return place.right
  if (!text.includes(':') && existsSync(text)) return { kind: 'file', path: text }
  throw new Problem(`${place.left}; name a file as ./file`, EXIT.usage)
}

const TARGET_SYNTAX = 'Use cloud:, cloud:name or ./file'

const CLOUD_END = /^([^:]+):(.*)$/s

/** Parses the target of a transfer: `cloud:`, `cloud:name`, or a file. */
export const parseTarget = (text: string): TargetArgument => {
  if (text === '-') throw new Problem(NO_STREAMS, EXIT.usage)
  const place = parseAddress(text)
  if (E.isRight(place) && place.right.kind === 'file') return place.right
  if (E.isRight(place) && place.right.kind === 'url')
    throw new Problem(
      `invalid target ${JSON.stringify(text)}: images cannot be uploaded to a URL. ${TARGET_SYNTAX}`,
      EXIT.usage,
    )
  const [, cloud, name = ''] = CLOUD_END.exec(text) ?? []
  if (cloud === undefined) throw new Problem(`invalid target ${JSON.stringify(text)}. ${TARGET_SYNTAX}`, EXIT.usage)
  if (name.startsWith('id:'))
    throw new Problem(
      `invalid target ${JSON.stringify(text)}: the ID of a new image cannot be chosen. Use ${cloud}: or ${cloud}:name`,
      EXIT.usage,
    )
  return { kind: 'cloud', cloud, name: name === '' ? null : name.replace(/^name:/, '') }
}

/**
 * A path that is parsed as a file: with `./`, so that it is not read as a cloud. Standard input and output (`-`) are refused, because a resumed
 * transfer reads the source again, and a target is written only after verification.
 */
export const toFileArgument = (path: string): string => {
  if (path === '-') throw new Problem(NO_STREAMS, EXIT.usage)
  return FILE_START.test(path) ? path : `./${path}`
}

/** The file of an upload, as `toFileArgument` returns it. URLs are refused. */
export const toUploadArgument = (path: string): string => {
  const address = parseAddress(path)
  if (E.isRight(address) && address.right.kind === 'url')
    throw new Problem('upload requires a file, not a URL. To transfer from a URL, use imago copy', EXIT.usage)
  return toFileArgument(path)
}
