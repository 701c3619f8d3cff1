import * as E from 'fp-ts/lib/Either.js'
import { existsSync } from 'node:fs'

/** An image by ID, by name, or by either. */
export type ImageWord = { readonly id: string } | { readonly name: string } | { readonly idOrName: string }

/** The address of an image: `[provider/]cloud[@region]:image`. */
export interface ImageAddress {
  readonly kind: 'image'
  /** `[provider/]cloud[@region]` */
  readonly cloud: string
  readonly image: ImageWord
}

/** The location of an image. */
export type Address =
  | ImageAddress
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }

const URL_START = /^[a-z][a-z\d+.-]+:\/\//i
/** `.`, `/`, `~`, or a drive letter. */
export const FILE_START = /^(?:[./~\\]|[a-z]:[\\/])/i

const parseImageWord = (text: string): ImageWord | null => {
  const [, kind, word] = /^(id|name):(.*)$/s.exec(text) ?? []
  if ((word ?? text) === '') return null
  if (word === undefined) return { idOrName: text }
  return kind === 'id' ? { id: word } : { name: word }
}

/** The address as a user writes it: `prod:ubuntu-24.04`, `prod:id:161547269`. */
export const formatImageAddress = ({ cloud, image }: ImageAddress): string => {
  if ('id' in image) return `${cloud}:id:${image.id}`
  return 'name' in image ? `${cloud}:name:${image.name}` : `${cloud}:${image.idOrName}`
}

/** What an address names, in error messages. */
export type Addressed = 'image' | 'server'

/** 'an image', 'a server'. */
export const withArticle = (addressed: Addressed): string => (addressed === 'image' ? 'an image' : 'a server')

/** The hint of errors in addresses. */
export const formatAddressHint = (addressed: Addressed): string =>
  `Name ${withArticle(addressed)} as [provider/]cloud[@region]:${addressed}, where ${addressed} is an ID or a name`

/**
 * Parses a location: a URL if it has a scheme, a file if it starts as a path does, else the address of an image.
 *
 * @example parseAddress('hetzner/prod:id:161547269') // right({ kind: 'image', cloud: 'hetzner/prod', image: { id: '161547269' } })
 */
export const parseAddress = (text: string, addressed: Addressed = 'image'): E.Either<string, Address> => {
  const invalid = (why: string): E.Either<string, never> =>
    E.left(`invalid ${addressed} ${JSON.stringify(text)}: ${why}. ${formatAddressHint(addressed)}`)
  if (URL_START.test(text)) return E.right({ kind: 'url', url: text })
  if (FILE_START.test(text)) return E.right({ kind: 'file', path: text })
  const colon = text.indexOf(':')
  if (colon === -1) return invalid(`the cloud or the ${addressed} is missing`)
  if (colon === 0) return invalid('the cloud is missing')
  const image = parseImageWord(text.slice(colon + 1))
  return image === null
    ? invalid('the ID or name is missing')
    : E.right({ kind: 'image', cloud: text.slice(0, colon), image })
}

/** Whether a word is the address of an image. An existing file takes precedence. */
export const isImageAddress = (text: string): boolean => {
  const address = parseAddress(text)
  return E.isRight(address) && address.right.kind === 'image' && !existsSync(text)
}
