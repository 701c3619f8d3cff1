import { parseLabelSelector } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { toArchitecture, toDistro } from './words.ts'

/** An image by its operating system. */
export interface OsWant {
  readonly by: 'os'
  /** os-release ID. */
  readonly distro: string
  /** Matches by components: `9` matches 9 and 9.4, not 90. `null`: any, if all matching images have the same. */
  readonly version: string | null
  /** The kernel's name. `null`: any, if all matching images have the same. */
  readonly architecture: string | null
  /** Words of the image's name, in lower case: `docker-ce`, `minimal`. */
  readonly variant: string | null
}

/** A description of the wanted image, without an implicit `latest`. */
export type Want =
  | OsWant
  /** `*` matches any text, `?` any one character. Case-sensitive. */
  | { readonly by: 'name'; readonly glob: string }
  /** In Hetzner's selector language, as `parseLabelSelector` reads it. */
  | { readonly by: 'label'; readonly selector: string }
  | { readonly by: 'tag'; readonly tag: string }
  | { readonly by: 'id'; readonly id: string }
  /** Lower-case hex. Only a digest that the provider reports matches. */
  | { readonly by: 'digest'; readonly algorithm: string; readonly value: string }

/** The forms of a want, for help and error messages. */
export const WANT_FORMS =
  'distro[@version][/arch][+variant], name:GLOB, label:SELECTOR, tag:TAG, id:ID or digest:ALGORITHM:HEX'

/** In characters. Names of images have at most 255. */
const LONGEST = 1000

const OS =
  /^([A-Za-z][A-Za-z\d._-]*)(?:@([A-Za-z\d][A-Za-z\d._-]*))?(?:\/([A-Za-z\d_]+))?(?:\+([A-Za-z\d][A-Za-z\d._-]*))?$/
const DIGEST = /^([a-z\d][a-z\d_-]*):([\da-fA-F]+)$/
/** Hex digits of MD5, the shortest digest in use. */
const SHORTEST_DIGEST = 32

const parseOs = (text: string): E.Either<string, Want> => {
  const match = OS.exec(text)
  if (match === null) return E.left(`invalid requirement ${JSON.stringify(text)}: expected ${WANT_FORMS}`)
  const [, word = '', version, archWord, variant] = match
  const distro = toDistro(word)
  if (E.isLeft(distro)) return distro
  const architecture = archWord === undefined ? E.right(null) : toArchitecture(archWord)
  if (E.isLeft(architecture)) return architecture
  if (version === 'latest' || version === 'newest')
    return E.left(`unknown version ${JSON.stringify(version)}: expected a version, such as ${word}@24.04`)
  return E.right({
    by: 'os',
    distro: distro.right,
    version: version ?? null,
    architecture: architecture.right,
    variant: variant?.toLowerCase() ?? null,
  })
}

const parseDigest = (text: string): E.Either<string, Want> => {
  const [, algorithm, value = ''] = DIGEST.exec(text) ?? []
  if (algorithm === undefined || value.length < SHORTEST_DIGEST || value.length % 2 === 1)
    return E.left(`invalid digest ${JSON.stringify(text)}: expected digest:ALGORITHM:HEX, such as digest:sha256:9f86…`)
  return E.right({ by: 'digest', algorithm, value: value.toLowerCase() })
}

const parseLabel = (text: string): E.Either<string, Want> => {
  const selector = text.trim()
  const conditions = parseLabelSelector(selector)
  return E.isLeft(conditions) ? E.left(`label:${selector}: ${conditions.left}`) : E.right({ by: 'label', selector })
}

const PARSERS: ReadonlyMap<string, (text: string) => E.Either<string, Want>> = new Map([
  ['name', (glob: string): E.Either<string, Want> => E.right({ by: 'name', glob })],
  ['label', parseLabel],
  ['tag', (tag: string): E.Either<string, Want> => E.right({ by: 'tag', tag })],
  ['id', (id: string): E.Either<string, Want> => E.right({ by: 'id', id })],
  ['digest', parseDigest],
])

/**
 * Parses a want. Left: why it is invalid.
 *
 * @example parseWant('ubuntu@24.04/arm64') // right({ by: 'os', distro: 'ubuntu', version: '24.04', architecture: 'aarch64', variant: null })
 */
export const parseWant = (text: string): E.Either<string, Want> => {
  if (text.length > LONGEST) return E.left(`it is longer than ${LONGEST} characters`)
  const colon = text.indexOf(':')
  if (colon === -1) return parseOs(text)
  const [prefix, rest] = [text.slice(0, colon), text.slice(colon + 1)]
  const parser = PARSERS.get(prefix)
  if (parser === undefined) return E.left(`unknown prefix ${JSON.stringify(`${prefix}:`)}: expected ${WANT_FORMS}`)
  return rest.trim() === '' ? E.left(`nothing follows "${prefix}:": expected ${WANT_FORMS}`) : parser(rest)
}

/** The canonical text of a want. Law: `parseWant(printWant(want))` is `want`. */
export const printWant = (want: Want): string => {
  switch (want.by) {
    case 'os': {
      const { distro, version, architecture, variant } = want
      const part = (sign: string, value: string | null): string => (value === null ? '' : `${sign}${value}`)
      return `${distro}${part('@', version)}${part('/', architecture)}${part('+', variant)}`
    }
    case 'name':
      return `name:${want.glob}`
    case 'label':
      return `label:${want.selector}`
    case 'tag':
      return `tag:${want.tag}`
    case 'id':
      return `id:${want.id}`
    case 'digest':
      return `digest:${want.algorithm}:${want.value}`
  }
}
