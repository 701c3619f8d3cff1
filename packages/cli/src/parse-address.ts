import * as E from 'fp-ts/lib/Either.js'
import { existsSync } from 'node:fs'

/** Which image of a cloud: by what the user said it is. */
export type ImageWord = { readonly id: string } | { readonly name: string } | { readonly idOrName: string }

/** An image, as `[provider/]cloud[@region]:image` names it. */
export interface ImageAddress {
  readonly kind: 'image'
  /** `[provider/]cloud[@region]` */
  readonly cloud: string
  readonly image: ImageWord
}

/** Where an image is, or is to be. */
export type Address =
  | ImageAddress
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }

const URL_START = /^[a-z][a-z\d+.-]+:\/\//i
/** `.`, `/`, `~`, or the letter of a drive. */
export const FILE_START = /^(?:[./~\\]|[a-z]:[\\/])/i

const parseImageWord = (text: string): ImageWord | null => {
  const [, kind, word] = /^(id|name):(.*)$/s.exec(text) ?? []
  if ((word ?? text) === '') return null
  if (word === undefined) return { idOrName: text }
  return kind === 'id' ? { id: word } : { name: word }
}

/** For a mistake in naming one. */
export const ADDRESS_SYNTAX = 'An image is named as [provider/]cloud[@region]:image, where image is an id or a name'

/**
 * What a user means by a word: a URL if it has a scheme, a file if it begins as a path does, else an image.
 * The error says why it is none of them.
 *
 * @example parseAddress('hetzner/prod:id:161547269') // right({ kind: 'image', cloud: 'hetzner/prod', image: { id: '161547269' } })
 */
export const parseAddress = (text: string): E.Either<string, Address> => {
  if (URL_START.test(text)) return E.right({ kind: 'url', url: text })
  if (FILE_START.test(text)) return E.right({ kind: 'file', path: text })
  const colon = text.indexOf(':')
  if (colon === -1) return E.left(`${text === '' ? 'an empty word' : text} names no cloud. ${ADDRESS_SYNTAX}`)
  if (colon === 0) return E.left(`${text} names no cloud before the colon. ${ADDRESS_SYNTAX}`)
  const image = parseImageWord(text.slice(colon + 1))
  return image === null
    ? E.left(`${text} names no image. ${ADDRESS_SYNTAX}`)
    : E.right({ kind: 'image', cloud: text.slice(0, colon), image })
}

/** Whether a word that may name a file or an image names an image: what is there as a file is that. */
export const isImageAddress = (text: string): boolean => {
  const address = parseAddress(text)
  return E.isRight(address) && address.right.kind === 'image' && !existsSync(text)
}
