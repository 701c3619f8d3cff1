/** Characters that would move a terminal's cursor, colour it, break the line, or turn the direction of the text. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g

/** None of them may take more than linear time: they meet what strangers write. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/:\/\/[^\s/?#]*@/g, '://…@'], // the user and password of a URL
  [/\?[^\s?=]*=\S*/g, '?…'], // its query: temporary URLs are signed there
  [/\bbearer\s+\S+/gi, 'bearer …'],
  [/\bbasic\s+[\w+/-]*[\d=+/][\w=+/-]*/gi, 'basic …'],
  [/\bgAAAA[\w=-]{16,}/g, '…'], // a Fernet token, as Keystone gives
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, '…'], // JWS, as Keystone gives too, and JWT
  [/\b(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d)\w{40,}/g, '…'], // a Hetzner token is 64 such characters; digests are lower-case, ids have dashes
]

/** What stands before a secret, with or without a sign between. */
const SECRET_WORD =
  /(?:authorization|cookie|tokens?|password|passwd|passcode|passphrase|secret|api[-_]?key|signature)["'`]?/gi
const SIGN = /\s{0,9}[:=]\s{0,9}/y
const SPACE = /\s{1,9}/y

/** Where a value in quotes or up to the next space ends. */
const endOfValue = (text: string, at: number): number => {
  const quote = text.charAt(at)
  if (quote !== '' && '"\'`'.includes(quote)) {
    const end = text.indexOf(quote, at + 1)
    return end === -1 ? text.length : end + 1
  }
  let end = at
  while (end < text.length && !/\s/.test(text.charAt(end))) end++
  return end
}

/** Behind a word alone, `the token was refused` goes on more often than `the password hunter2`. */
const looksSecret = (value: string): boolean =>
  /^["'`]/.test(value) ||
  (value.length >= 6 && (/\d/.test(value) || /[A-Z]/.test(value.slice(1)) || /[^\w.,;:!?'’)-]/.test(value)))

/** What stands behind a word for a secret: `password: hunter2`, `token "abc"`, `secret hunter2`. */
const withoutNamed = (text: string): string => {
  let result = ''
  let from = 0
  SECRET_WORD.lastIndex = 0
  for (let word = SECRET_WORD.exec(text); word !== null; word = SECRET_WORD.exec(text)) {
    const after = SECRET_WORD.lastIndex
    SIGN.lastIndex = after
    const isSigned = SIGN.test(text)
    SPACE.lastIndex = after
    if (!isSigned && !SPACE.test(text)) continue
    const start = isSigned ? SIGN.lastIndex : SPACE.lastIndex
    const end = endOfValue(text, start)
    if (end === start || (!isSigned && !looksSecret(text.slice(start, end)))) continue
    result += `${text.slice(from, isSigned ? after : start)}${isSigned ? ': …' : '…'}`
    from = end
    SECRET_WORD.lastIndex = end
  }
  return result + text.slice(from)
}

const HEX = /\b[0-9a-f]{32,}\b/gi
/** What of a hexadecimal number says that it is none: it names something, or digests it. */
const NAMED_HEX =
  /(?:sha-?\d{1,4}|md5|blake2[bs]?|digest|checksum|hash|fingerprint|etag|projects?|tenant|users?|owner|domain|images?|servers?|run|id)["'`]?(?: is| of| was)?[\s:=/]{0,3}["'`(]?$/i
const LONGEST_NAME = 24

/** Keystone's tokens were such numbers once, and other services' still are. */
const withoutHex = (text: string): string =>
  text.replace(HEX, (hex, at: number) => (NAMED_HEX.test(text.slice(Math.max(0, at - LONGEST_NAME), at)) ? hex : '…'))

/** Longer than any sentence worth reading, shorter than a payload. */
const LONGEST = 400

/** `text` on one line, without control characters, cut at 400 characters. */
export const toOneLine = (text: string): string => {
  const line = text.replace(UNPRINTABLE, ' ').trim()
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`
}

/** What is beyond is beyond what is shown, unless masks make it much shorter. */
const LONGEST_READ = 8192

const masked = (text: string): string =>
  withoutNamed(
    MASKS.reduce(
      (left, [secret, mask]) => left.replace(secret, mask),
      text.slice(0, LONGEST_READ).replace(UNPRINTABLE, ' '),
    ),
  )

/**
 * `text` as it may stand in a message: on one line, and what looks like a secret is masked.
 * The second net, not the first: whoever makes an error puts no token, header or payload into it, and `Masker` hides the secrets that are known.
 */
export const toSafeText = (text: string): string => toOneLine(withoutHex(masked(text)))

/** An identifier or path of imago's own or of a provider's: as `toSafeText`, and hexadecimal numbers in it are ids. */
export const toSafeName = (text: string): string => toOneLine(masked(text))

/** The path of a URL or request target: no scheme, host, user, query or fragment. */
export const toSafePath = (target: string): string =>
  toSafeName(target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '')
