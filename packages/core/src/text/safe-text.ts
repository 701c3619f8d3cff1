/** Characters that move a terminal's cursor, change colours, break the line, or change the direction of the text. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g

/** All patterns must run in linear time, because they are applied to foreign text. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/:\/\/[^\s/?#]*@/g, '://…@'], // user and password of a URL
  [/\?[^\s?=]*=\S*/g, '?…'], // query of a URL, which contains the signature of temporary URLs
  [/\bbearer\s+\S+/gi, 'bearer …'],
  [/\bbasic\s+[\w+/-]*[\d=+/][\w=+/-]*/gi, 'basic …'],
  [/\bgAAAA[\w=-]{16,}/g, '…'], // Fernet token, as Keystone issues
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, '…'], // JWS, which Keystone also issues, and JWT
  [/\b(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d)\w{40,}/g, '…'], // Hetzner tokens have 64 such characters; digests are lower-case, IDs contain dashes
]

/** Words that precede a secret, with or without `:` or `=` between. */
const SECRET_WORD =
  /(?:authorization|cookie|tokens?|password|passwd|passcode|passphrase|secret|api[-_]?key|signature)["'`]?/gi
const SIGN = /\s{0,9}[:=]\s{0,9}/y
const SPACE = /\s{1,9}/y

/** The end of a value, which is in quotes or extends to the next space. */
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

/** Without `:` or `=`, a sentence like `the token was refused` is more likely than `the password hunter2`. */
const looksSecret = (value: string): boolean =>
  /^["'`]/.test(value) ||
  (value.length >= 6 && (/\d/.test(value) || /[A-Z]/.test(value.slice(1)) || /[^\w.,;:!?'’)-]/.test(value)))

/** Masks the values after such words: `password: hunter2`, `token "abc"`, `secret hunter2`. */
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
/** Text before a hexadecimal number that marks it as an ID or a digest, not a secret. */
const NAMED_HEX =
  /(?:sha-?\d{1,4}|md5|blake2[bs]?|digest|checksum|hash|fingerprint|etag|projects?|tenant|users?|owner|domain|images?|servers?|run|id)["'`]?(?: is| of| was)?[\s:=/]{0,3}["'`(]?$/i
const LONGEST_NAME = 24

/** Keystone's tokens were hexadecimal numbers in the past; those of other services still are. */
const withoutHex = (text: string): string =>
  text.replace(HEX, (hex, at: number) => (NAMED_HEX.test(text.slice(Math.max(0, at - LONGEST_NAME), at)) ? hex : '…'))

/** Maximum length of a line in a message. */
const LONGEST = 400

/** `text` on one line, without control characters, cut at 400 characters. */
export const toOneLine = (text: string): string => {
  const line = text.replace(UNPRINTABLE, ' ').trim()
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`
}

/** Only this many characters are read. The rest would be cut off anyway, unless masks shorten the text considerably. */
const LONGEST_READ = 8192

const masked = (text: string): string =>
  withoutNamed(
    MASKS.reduce(
      (left, [secret, mask]) => left.replace(secret, mask),
      text.slice(0, LONGEST_READ).replace(UNPRINTABLE, ' '),
    ),
  )

/**
 * Makes `text` safe to print in a message: on one line, with everything masked that looks like a secret.
 * A second line of defence: errors must contain no token, header or payload in the first place, and `Masker` masks known secrets.
 */
export const toSafeText = (text: string): string => toOneLine(withoutHex(masked(text)))

/** Like `toSafeText`, for an identifier or path: hexadecimal numbers are IDs and are kept. */
export const toSafeName = (text: string): string => toOneLine(masked(text))

/** A name or ID in a message: between quotes if it has no visible character, so that the message does not end before it. */
export const quoteEmpty = (text: string): string => (text.trim() === '' ? JSON.stringify(text) : text)

/** The path of a URL or request target: no scheme, host, user, query or fragment. */
export const toSafePath = (target: string): string =>
  toSafeName(target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '')
