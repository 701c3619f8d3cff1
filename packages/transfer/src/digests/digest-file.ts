import * as E from 'fp-ts/lib/Either.js'
import { findAlgorithmByLength, countHexDigits, isHex, toDigestAlgorithm, type DigestAlgorithm } from './algorithm.ts'

/** A file that lists digests is not larger. Debian's, Ubuntu's and Fedora's have some KiB; one of a whole mirror some MiB. */
export const MOST_DIGEST_FILE_BYTES = 8 * 2 ** 20

/** A name longer than any file system allows belongs to something else. */
const MOST_LINE = 8192

/** One digest in a file. */
export interface DigestEntry {
  /** As the file has it, unescaped; `null`: the digest stands alone, or is of standard input. */
  readonly name: string | null
  /** `null`: one that imago does not compute; its word is `algorithmWord`. */
  readonly algorithm: DigestAlgorithm | null
  readonly algorithmWord: string
  /** In lower-case hex. */
  readonly value: string
  /** From 1. */
  readonly line: number
}

/** What a file of digests holds. */
export interface DigestFile {
  /** Its path or URL, without secrets. */
  readonly from: string
  readonly entries: readonly DigestEntry[]
  /** Lines that are neither a digest nor a comment. */
  readonly unread: readonly { readonly line: number; readonly text: string }[]
  readonly signature: 'none' | 'not-verified'
}

const decode = (bytes: Uint8Array): string => {
  // PowerShell's `>` writes UTF-16.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

interface NumberedLine {
  readonly line: number
  readonly text: string
}

const linesOf = (text: string): readonly NumberedLine[] => text.split(/\r\n|\n|\r/).map((one, index) => ({ line: index + 1, text: one }))

const SIGNED = '-----BEGIN PGP SIGNED MESSAGE-----'
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----'
const SIGNATURE_END = '-----END PGP SIGNATURE-----'
/** How a file of OpenBSD's signify begins; the second line is the signature. */
const SIGNIFY = 'untrusted comment:'

/** The text that a signature covers (RFC 9580, 7), with its escaped dashes undone. What stands around it nobody signed, and it does not count. */
const signedText = (lines: readonly NumberedLine[], begin: number): E.Either<string, readonly NumberedLine[]> => {
  const blank = lines.findIndex(({ text }, index) => index > begin && text.trim() === '')
  const signature = lines.findIndex(({ text }, index) => index > begin && text.trimEnd() === SIGNATURE)
  if (blank === -1 || signature === -1 || blank > signature || !lines.some(({ text }, index) => index > signature && text.trimEnd() === SIGNATURE_END)) return E.left('its signed text does not end with a whole signature')
  if (lines.some(({ text }, index) => index > signature && text.trimEnd() === SIGNED)) return E.left('it has several signed texts')
  return E.right(lines.slice(blank + 1, signature).map(({ line, text }) => ({ line, text: text.startsWith('- ') ? text.slice(2) : text })))
}

/** coreutils escapes such names, and writes a backslash before the line. */
const unescaped = (name: string): string => name.replace(/\\[nr\\]/g, (pair) => (pair === '\\n' ? '\n' : pair === '\\r' ? '\r' : '\\'))

/** Standard input, as the tools call it. */
const isNameless = (name: string): boolean => name === '' || name === '-' || name === 'stdin'

interface Context {
  readonly line: number
  readonly isEscaped: boolean
  /** What a heading or the name of the file says of digests that name no algorithm. */
  readonly word: string | null
}

const entryOf = (algorithmWord: string, digest: string, name: string, { line, isEscaped }: Context): DigestEntry | null => {
  if (!isHex(digest)) return null
  const algorithm = toDigestAlgorithm(algorithmWord)
  if (algorithm !== null && digest.length !== countHexDigits(algorithm)) return null
  return { name: isNameless(name) ? null : isEscaped ? unescaped(name) : name, algorithm, algorithmWord, value: digest.toLowerCase(), line }
}

/** `SHA256 (name) = hex` of BSD's tools and `sha256sum --tag`; `SHA2-256(name)= hex` of openssl. */
const taggedEntry = (text: string, context: Context): DigestEntry | null => {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open === -1 || close < open) return null
  const rest = text.slice(close + 1).trim()
  if (!rest.startsWith('=')) return null
  const word = text.slice(0, open).trim()
  const digest = rest.slice(1).trim()
  return entryOf(word === '' ? (context.word ?? findAlgorithmByLength(digest.length) ?? '') : word, digest, text.slice(open + 1, close), context)
}

const firstSpace = (text: string): number => {
  const found = text.search(/[ \t]/)
  return found === -1 ? text.length : found
}

/** `hex  name`, `hex *name`, `hex name`, `hex`; `sha256:hex`, with or without a name. */
const plainEntry = (text: string, context: Context): DigestEntry | null => {
  const end = firstSpace(text)
  const first = text.slice(0, end)
  const rest = text.slice(end).trimStart()
  const name = rest.startsWith('*') ? rest.slice(1) : rest
  const colon = first.indexOf(':')
  if (colon !== -1) return entryOf(first.slice(0, colon), first.slice(colon + 1), name, context)
  const word = context.word ?? findAlgorithmByLength(first.length)
  return word === null ? null : entryOf(word, first, name, context)
}

/** `SHA256  HEX  C:\name`: what PowerShell's Get-FileHash prints. */
const headedEntry = (text: string, context: Context): DigestEntry | null => {
  const end = firstSpace(text)
  const word = text.slice(0, end)
  return toDigestAlgorithm(word) === null ? null : plainEntry(text.slice(end).trimStart(), { ...context, word })
}

/** `# SHA512 HASH`: a heading of Gentoo's digests. */
const headingOf = (text: string): string | null => {
  const [word = '', hash, ...others] = text.replace(/^#+/, '').trim().split(/[ \t]+/, 3)
  return hash?.toUpperCase() === 'HASH' && others.length === 0 && word.length <= 16 ? word : null
}

/** BLAKE2b and BLAKE3 digests are as long as those of SHA-512 and SHA-256: only the name of the file tells them apart, as in `b2sums.txt`. */
const FOREIGN: ReadonlySet<string> = new Set(['b2', 'b2sum', 'b2sums', 'blake2b', 'b3', 'b3sum', 'b3sums', 'blake3', 'sha3'])

const foreignWordIn = (from: string): string | null => {
  const base = (from.split(/[/\\]/).at(-1) ?? '').toLowerCase()
  return base.split(/[.\-_?]/).find((part) => FOREIGN.has(part)) ?? null
}

const isMarkup = (text: string): boolean => /^\s{0,100}<(?:!doctype|html|head|\?xml)/i.test(text)

/** Reads what lists digests, in every form that publishers of images use. Left: why it cannot be used. `from`: its path or URL, without secrets. */
export const parseDigestFile = (bytes: Uint8Array, from: string): E.Either<string, DigestFile> => {
  if (bytes.length > MOST_DIGEST_FILE_BYTES) return E.left(`it is larger than ${MOST_DIGEST_FILE_BYTES} bytes: a file of digests is not`)
  const text = decode(bytes)
  if (isMarkup(text.slice(0, 1000))) return E.left('it is a web page')
  if (text.includes('\0')) return E.left('it is not a text')
  const all = linesOf(text)
  const begin = all.findIndex((one) => one.text.trimEnd() === SIGNED)
  const signed = begin === -1 ? E.right(all) : signedText(all, begin)
  if (E.isLeft(signed)) return signed
  const isSignify = begin === -1 && (all[0]?.text.startsWith(SIGNIFY) ?? false)
  const lines = isSignify ? all.slice(2) : signed.right
  const entries: DigestEntry[] = []
  const unread: NumberedLine[] = []
  const foreign = foreignWordIn(from)
  let heading: string | null = null
  for (const { line, text: whole } of lines) {
    const content = whole.trim()
    if (content === '') continue
    if (content.startsWith('#')) {
      heading = headingOf(content) ?? heading
      continue
    }
    const isEscaped = content.startsWith('\\')
    const plain = isEscaped ? content.slice(1) : content
    const context: Context = { line, isEscaped, word: heading ?? foreign }
    const entry = plain.length > MOST_LINE ? null : (plainEntry(plain, context) ?? taggedEntry(plain, context) ?? headedEntry(plain, context))
    if (entry === null) unread.push({ line, text: plain.slice(0, MOST_LINE) })
    else entries.push(entry)
  }
  if (entries.length === 0) return E.left('it holds no digest')
  return E.right({ from, entries, unread, signature: begin !== -1 || isSignify ? 'not-verified' : 'none' })
}
