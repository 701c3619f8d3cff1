/** Characters that would move a terminal's cursor, colour it, break the line, or turn the direction of the text. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g

/** None of them may take more than linear time: they meet what strangers write. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/:\/\/[^\s/?#]*@/g, '://…@'], // the user and password of a URL
  [/\?[^\s?=]*=\S*/g, '?…'], // its query: temporary URLs are signed there
  [/\bbearer\s+\S+/gi, 'bearer …'],
  [/\bbasic\s+[\w+/-]*[\d=+/][\w=+/-]*/gi, 'basic …'],
  [/(authorization|cookie|token|password|passwd|secret|api[-_]?key|signature)["']?\s{0,9}[:=]\s{0,9}(?:"[^"]*"?|'[^']*'?|\S+)/gi, '$1: …'],
  [/\bgAAAA[\w=-]{16,}/g, '…'], // a Fernet token, as Keystone gives
  [/\b(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d)\w{40,}/g, '…'], // a Hetzner token is 64 such characters; digests are lower-case, ids have dashes
]

/** Longer than any sentence worth reading, shorter than a payload. */
const LONGEST = 400

/** `text` on one line, without control characters, cut at 400 characters. */
export const toOneLine = (text: string): string => {
  const line = text.replace(UNPRINTABLE, ' ').trim()
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`
}

/**
 * `text` as it may stand in a message: on one line, and what looks like a secret is masked.
 * The last defence, not the first: whoever makes an error puts no token, header or payload into it.
 */
export const toSafeText = (text: string): string => toOneLine(MASKS.reduce((masked, [secret, mask]) => masked.replace(secret, mask), text.replace(UNPRINTABLE, ' ')))

/** The path of a URL or request target: no scheme, host, user, query or fragment. */
export const pathOf = (target: string): string => toSafeText(target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '')
