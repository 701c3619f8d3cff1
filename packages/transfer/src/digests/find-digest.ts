import * as E from 'fp-ts/lib/Either.js'
import { DIGEST_ALGORITHMS, isHex, toDigestAlgorithm } from './algorithm.ts'
import type { DigestEntry, DigestFile } from './digest-file.ts'
import type { ExpectedDigest } from './expected-digest.ts'

/** Number of names that an error lists. */
const MAX_NAMES = 8

const toBaseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? ''

const unique = (all: readonly string[]): readonly string[] => [...new Set(all)]

const listNames = (names: readonly string[]): string => {
  const shown = names.slice(0, MAX_NAMES).join(', ')
  return names.length > MAX_NAMES ? `${shown}, and ${names.length - MAX_NAMES} more` : shown
}

const findNames = (entries: readonly DigestEntry[]): readonly string[] =>
  unique(entries.flatMap(({ name }) => (name === null ? [] : [name])))

/** Whether a digest file is named after the image: `disk.qcow2.sha256`, `disk.qcow2-CHECKSUM`. */
const isCalledAfter = (from: string, base: string): boolean => {
  const own = toBaseName(from)
  return own.length > base.length && own.startsWith(base) && /[.\-_]/.test(own.charAt(base.length))
}

/** Of entries with the same base name in several directories, those whose path is the end of the source's path. */
const filterByPath = (entries: readonly DigestEntry[], paths: readonly string[]): readonly DigestEntry[] => {
  if (findNames(entries).length < 2) return entries
  const relative = (name: string): string => name.replace(/^(?:\.\/)+/, '')
  const fitting = entries.filter(
    ({ name }) =>
      name !== null && name.includes('/') && paths.some((path) => `/${path}`.endsWith(`/${relative(name)}`)),
  )
  return fitting.length > 0 ? fitting : entries
}

/** Whether an unreadable line probably contains the digest of one of these files: it has the name, and part of a digest or an algorithm. */
const isBroken = (text: string, bases: readonly string[]): boolean => {
  const words = text.split(/[\s()*=:]+/).filter((word) => word !== '')
  const [first = ''] = words
  return (
    (toDigestAlgorithm(first) !== null || (isHex(first) && first.length >= 16)) &&
    words.some((word) => bases.includes(toBaseName(word)))
  )
}

const findEntries = (
  { from, entries, unread }: DigestFile,
  paths: readonly string[],
): E.Either<string, readonly DigestEntry[]> => {
  const bases = unique(paths.map(toBaseName))
  const named = entries.filter(({ name }) => name !== null && bases.includes(toBaseName(name)))
  const broken = unread.find(({ text }) => isBroken(text, bases))
  if (broken !== undefined)
    return E.left(`its line ${broken.line} names ${bases.join(' or ')} and has an invalid digest`)
  if (named.length > 0) return E.right(filterByPath(named, paths))
  const names = findNames(entries)
  const nameless = entries.filter(({ name }) => name === null)
  if (names.length === 0) return E.right(nameless)
  // openSUSE and Rocky publish `image-latest.sha256` beside `image-latest`, with the name of the build in it.
  if (names.length === 1 && bases.some((base) => isCalledAfter(from, base))) return E.right(entries)
  return E.left(`it has no digest of ${bases.join(' or ')}, only of ${listNames(names)}`)
}

/**
 * Finds the digest of an image in a digest file by the base name of one of its paths; the strongest one if there are several. In a file without names,
 * the only digest counts. Left: there is none, or several that differ.
 */
export const findDigest = (file: DigestFile, paths: readonly string[]): E.Either<string, ExpectedDigest> => {
  const found = findEntries(file, paths)
  if (E.isLeft(found)) return found
  const algorithm = DIGEST_ALGORITHMS.find((one) => found.right.some((entry) => entry.algorithm === one))
  if (algorithm === undefined) {
    const words = unique(found.right.map(({ algorithmWord }) => algorithmWord))
    return E.left(
      `its digests are of unsupported algorithms: ${listNames(words)} (supported: ${DIGEST_ALGORITHMS.join(', ')})`,
    )
  }
  for (const one of DIGEST_ALGORITHMS) {
    const entries = found.right.filter((entry) => entry.algorithm === one)
    const [first, ...others] = entries
    const other = others.find(({ value }) => value !== first?.value)
    if (first === undefined || other === undefined) continue
    const names = findNames(entries)
    if (names.length > 1) return E.left(`it has ${one} digests of ${listNames(names)}, which differ`)
    return E.left(
      `it has two ${one} digests${first.name === null ? '' : ` of ${first.name}`}, which differ: lines ${first.line} and ${other.line}`,
    )
  }
  const entry = found.right.find((one) => one.algorithm === algorithm)
  if (entry === undefined) return E.left('it has no digests')
  return E.right({ algorithm, value: entry.value, from: file.from, name: entry.name, signature: file.signature })
}
