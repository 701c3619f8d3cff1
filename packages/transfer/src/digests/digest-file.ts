import * as E from 'fp-ts/lib/Either.js'
import { findAlgorithmByLength, countHexDigits, isHex, toDigestAlgorithm, type DigestAlgorithm } from './algorithm.ts'

/** In bytes: larger files are refused. Digest files of Debian, Ubuntu and Fedora have some KiB, those of a whole mirror some MiB. */
export const MAX_DIGEST_FILE_BYTES = 8 * 2 ** 20

/** In characters: longer lines are not digests, since no file system allows such names. */
const MAX_LINE_LENGTH = 8192

/** A digest in a digest file. */
export interface DigestEntry {
  /** The file name, unescaped; `null`: none, or standard input. */
  readonly name: string | null
  /** `null`: not supported; its name in the file is `algorithmWord`. */
  readonly algorithm: DigestAlgorithm | null
  readonly algorithmWord: string
  /** In lower-case hex. */
  readonly value: string
  /** 1-based. */
  readonly line: number
}

/** The content of a digest file. */
export interface DigestFile {
  /** Its path or URL, without secrets. */
  readonly from: string
  readonly entries: readonly DigestEntry[]
  /** Lines that are neither a digest nor a comment. */
  readonly unread: readonly { readonly line: number; readonly text: string }[]
  readonly signature: 'none' | 'not-verified'
}

const decode = (bytes: Uint8Array): string => {
  // `>` of Windows PowerShell writes UTF-16.
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

interface NumberedLine {
  readonly line: number
  readonly text: string
}

const splitLines = (text: string): readonly NumberedLine[] =>
  text.split(/\r\n|\n|\r/).map((one, index) => ({ line: index + 1, text: one }))

const SIGNED = '-----BEGIN PGP SIGNED MESSAGE-----'
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----'
const SIGNATURE_END = '-----END PGP SIGNATURE-----'
/** The first line of a file by OpenBSD's signify; the second one is the signature. */
const SIGNIFY = 'untrusted comment:'

/** The text that a signature covers (RFC 9580, 7), with dashes unescaped. Text around it is not signed and is ignored. */
const findSignedText = (lines: readonly NumberedLine[], begin: number): E.Either<string, readonly NumberedLine[]> => {
  const blank = lines.findIndex(({ text }, index) => index > begin && text.trim() === '')
  const signature = lines.findIndex(({ text }, index) => index > begin && text.trimEnd() === SIGNATURE)
  if (
    blank === -1 ||
    signature === -1 ||
    blank > signature ||
    !lines.some(({ text }, index) => index > signature && text.trimEnd() === SIGNATURE_END)
  )
    return E.left('its signed text does not end with a complete signature')
  if (lines.some(({ text }, index) => index > signature && text.trimEnd() === SIGNED))
    return E.left('it has several signed texts')
  return E.right(
    lines
      .slice(blank + 1, signature)
      .map(({ line, text }) => ({ line, text: text.startsWith('- ') ? text.slice(2) : text })),
  )
}

/** coreutils escapes names with newlines or backslashes, and then begins the line with a backslash. */
const unescapeName = (name: string): string =>
  name.replace(/\\[nr\\]/g, (pair) => (pair === '\\n' ? '\n' : pair === '\\r' ? '\r' : '\\'))

/** Names of standard input in the tools. */
const isNameless = (name: string): boolean => name === '' || name === '-' || name === 'stdin'

interface Context {
  readonly line: number
  readonly isEscaped: boolean
  /** The algorithm of digests without one, by a heading or by the name of the file. */
  readonly word: string | null
}

const toEntry = (
  algorithmWord: string,
  digest: string,
  name: string,
  { line, isEscaped }: Context,
): DigestEntry | null => {
  if (!isHex(digest)) return null
  const algorithm = toDigestAlgorithm(algorithmWord)
  if (algorithm !== null && digest.length !== countHexDigits(algorithm)) return null
  return {
    name: isNameless(name) ? null : isEscaped ? unescapeName(name) : name,
    algorithm,
    algorithmWord,
    value: digest.toLowerCase(),
    line,
  }
}

/** `SHA256 (name) = hex` of BSD's tools and `sha256sum --tag`; `SHA2-256(name)= hex` of openssl. */
const parseTaggedEntry = (text: string, context: Context): DigestEntry | null => {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open === -1 || close < open) return null
  const rest = text.slice(close + 1).trim()
  if (!rest.startsWith('=')) return null
  const word = text.slice(0, open).trim()
  const digest = rest.slice(1).trim()
  return toEntry(
    word === '' ? (context.word ?? findAlgorithmByLength(digest.length) ?? '') : word,
    digest,
    text.slice(open + 1, close),
    context,
  )
}

const findSpace = (text: string): number => {
  const found = text.search(/[ \t]/)
  return found === -1 ? text.length : found
}

/** `hex  name`, `hex *name`, `hex name`, `hex`; `sha256:hex`, with or without a name. */
const parsePlainEntry = (text: string, context: Context): DigestEntry | null => {
  const end = findSpace(text)
  const first = text.slice(0, end)
  const rest = text.slice(end).trimStart()
  const name = rest.startsWith('*') ? rest.slice(1) : rest
  const colon = first.indexOf(':')
  if (colon !== -1) return toEntry(first.slice(0, colon), first.slice(colon + 1), name, context)
  const word = context.word ?? findAlgorithmByLength(first.length)
  return word === null ? null : toEntry(word, first, name, context)
}

/** `SHA256  HEX  C:\name`: what PowerShell's Get-FileHash prints. */
const parsePowerShellEntry = (text: string, context: Context): DigestEntry | null => {
  const end = findSpace(text)
  const word = text.slice(0, end)
  return toDigestAlgorithm(word) === null ? null : parsePlainEntry(text.slice(end).trimStart(), { ...context, word })
}

/** The algorithm in a heading of Gentoo's digest files: `# SHA512 HASH`. */
const parseHeading = (text: string): string | null => {
  const [word = '', hash, ...others] = text
    .replace(/^#+/, '')
    .trim()
    .split(/[ \t]+/, 3)
  return hash?.toUpperCase() === 'HASH' && others.length === 0 && word.length <= 16 ? word : null
}

/** Words in names of files with digests of other algorithms, such as `b2sums.txt`: BLAKE2b and BLAKE3 digests have the same length as SHA-512 and SHA-256. */
const FOREIGN: ReadonlySet<string> = new Set([
  'b2',
  'b2sum',
  'b2sums',
  'blake2b',
  'b3',
  'b3sum',
  'b3sums',
  'blake3',
  'sha3',
])

const findForeignWord = (from: string): string | null => {
  const base = (from.split(/[/\\]/).at(-1) ?? '').toLowerCase()
  return base.split(/[.\-_?]/).find((part) => FOREIGN.has(part)) ?? null
}

const isMarkup = (text: string): boolean => /^\s{0,100}<(?:!doctype|html|head|\?xml)/i.test(text)

/**
 * Parses a digest file, in every form that publishers of images use. Left: why it cannot be used.
 * @param from its path or URL, without secrets.
 */
export const parseDigestFile = (bytes: Uint8Array, from: string): E.Either<string, DigestFile> => {
  if (bytes.length > MAX_DIGEST_FILE_BYTES)
    return E.left(`it is larger than ${MAX_DIGEST_FILE_BYTES} bytes, so it is not a digest file`)
  const text = decode(bytes)
  if (isMarkup(text.slice(0, 1000))) return E.left('it is a web page')
  if (text.includes('\0')) return E.left('it is not text')
  const all = splitLines(text)
  const begin = all.findIndex((one) => one.text.trimEnd() === SIGNED)
  const signed = begin === -1 ? E.right(all) : findSignedText(all, begin)
  if (E.isLeft(signed)) return signed
  const isSignify = begin === -1 && (all[0]?.text.startsWith(SIGNIFY) ?? false)
  const lines = isSignify ? all.slice(2) : signed.right
  const entries: DigestEntry[] = []
  const unread: NumberedLine[] = []
  const foreign = findForeignWord(from)
  let heading: string | null = null
  for (const { line, text: whole } of lines) {
    const content = whole.trim()
    if (content === '') continue
    if (content.startsWith('#')) {
      heading = parseHeading(content) ?? heading
      continue
    }
    const isEscaped = content.startsWith('\\')
    const plain = isEscaped ? content.slice(1) : content
    const context: Context = { line, isEscaped, word: heading ?? foreign }
    const entry =
      plain.length > MAX_LINE_LENGTH
        ? null
        : (parsePlainEntry(plain, context) ?? parseTaggedEntry(plain, context) ?? parsePowerShellEntry(plain, context))
    if (entry === null) unread.push({ line, text: plain.slice(0, MAX_LINE_LENGTH) })
    else entries.push(entry)
  }
  if (entries.length === 0) return E.left('it has no digests')
  return E.right({ from, entries, unread, signature: begin !== -1 || isSignify ? 'not-verified' : 'none' })
}
