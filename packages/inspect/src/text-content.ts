import type { Content } from './inspection.ts'

const PROBED = 4096
const CHECK_URL = 'Check the URL: it may return a web page or an error'
const CHECK_FILE = 'Check that this is the intended file'

const text = (id: string, title: string, advice = CHECK_FILE): Content => ({ kind: 'text', id, title, advice })

/** By the beginning of a text; the first match counts. Patterns are anchored and linear, since the text is hostile. */
const BEGINNINGS: readonly (readonly [RegExp, Content])[] = [
  [
    /^version https:\/\/git-lfs\.github\.com\/spec\//,
    text('git-lfs-pointer', 'a Git LFS pointer to the file', 'Fetch the file: git lfs pull'),
  ],
  [
    /^version https:\/\/hawser\.github\.com\/spec\//,
    text('git-lfs-pointer', 'a Git LFS pointer to the file', 'Fetch the file: git lfs pull'),
  ],
  [/^(?:<!doctype html|<html|<head|<body|<title|<script|<meta )/i, text('html', 'an HTML page', CHECK_URL)],
  [/^<(?:!--|\?xml|!doctype|[a-z_][\w.:-]*[\s>/])/i, text('xml', 'an XML document', CHECK_URL)],
  [/^#!/, text('script', 'a script')],
  [/^#cloud-(?:config|boothook)|^#include[\s]/, text('cloud-config', 'user data for cloud-init')],
  [/^(?:%YAML|---\s)/, text('yaml', 'a YAML document')],
  [/^-----BEGIN PGP /, text('pgp', 'a PGP signature, message or key', 'Use the file that it signs')],
  [/^-----BEGIN /, text('pem', 'a certificate or a key in PEM')],
  [/^[0-9a-f]{32,128} [ *]\S/i, text('checksums', 'a list of digests', 'Use the file that it lists')],
  [/^(?:MD5|SHA\d{1,3}|BLAKE2b) \(/, text('checksums', 'a list of digests', 'Use the file that it lists')],
  [/^[[{]\s{0,200}(?:["[\]{}\d-]|true|false|null)/, text('json', 'a JSON document', CHECK_URL)],
  [/^[A-Za-z_][\w.-]{0,60}:(?:\s|$)/, text('yaml', 'a YAML document, or another list of keys and values')],
]

const PLAIN = text('text', 'a text')

/** An XML document that its first elements identify; `null`: another. */
const identifyXml = (start: string): Content | null => {
  if (/<html[\s>]/i.test(start)) return text('html', 'an HTML page', CHECK_URL)
  if (/<(?:\w{1,20}:)?Envelope[\s>]/.test(start))
    return {
      kind: 'text',
      id: 'ovf',
      title: 'an OVF descriptor, whose disks are separate files',
      advice: 'Use a disk that it names',
    }
  if (/<Error>/.test(start)) return text('xml', 'an error message in XML, as object stores return', CHECK_URL)
  if (/<svg[\s>]/i.test(start)) return { kind: 'media', id: 'svg', title: 'an SVG picture', advice: CHECK_FILE }
  return null
}

/** Whether all bytes are text: UTF-8, possibly cut, without control characters other than white space and escape. */
const isText = (bytes: Uint8Array): boolean => {
  let following = 0
  for (const byte of bytes) {
    if (following > 0) {
      if ((byte & 0xc0) !== 0x80) return false
      following--
    } else if (byte < 0x80) {
      if ((byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f) return false
    } else if (byte >= 0xc2 && byte < 0xe0) following = 1
    else if (byte >= 0xe0 && byte < 0xf0) following = 2
    else if (byte >= 0xf0 && byte < 0xf5) following = 3
    else return false
  }
  return true
}

/** UTF-16 without a byte order mark must begin with `<` and another character: a single ASCII character beside a zero proves nothing. */
const isMarkup = (bytes: Uint8Array, [first, second]: readonly [number, number]): boolean =>
  bytes[first] === 0x3c && bytes[second] === 0 && bytes[first + 2] !== 0 && bytes[second + 2] === 0

/** Text in UTF-16; `null`: not such text. */
const decodeUtf16 = (bytes: Uint8Array): string | null => {
  const isLittle = (bytes[0] === 0xff && bytes[1] === 0xfe) || isMarkup(bytes, [0, 1])
  if (!isLittle && !(bytes[0] === 0xfe && bytes[1] === 0xff) && !isMarkup(bytes, [1, 0])) return null
  const decoded = new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(
    bytes.subarray(0, bytes.length - (bytes.length % 2)),
  )
  // eslint-disable-next-line no-control-regex
  return /[\0-\x08\x0e-\x1a\ufffd]/.test(decoded) ? null : decoded
}

/** Recognized in any encoding, by their ASCII beginning. */
const ANY_ENCODING: ReadonlySet<string> = new Set(['html', 'git-lfs-pointer', 'pgp', 'pem'])

const findTextKind = (start: string): Content | null => {
  const found = BEGINNINGS.find(([beginning]) => beginning.test(start))?.[1] ?? null
  return found?.id === 'xml' ? (identifyXml(start) ?? found) : found
}

/** The kind of a text; `null`: not a text. */
export const identifyText = (head: Uint8Array): Content | null => {
  const probed = head.subarray(0, PROBED)
  const wide = decodeUtf16(probed)
  if (wide !== null) return findTextKind(wide.trimStart()) ?? PLAIN
  const isPlainText = isText(probed)
  const start = Buffer.from(probed.buffer, probed.byteOffset, probed.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  const kind = findTextKind(start)
  if (isPlainText) return kind ?? PLAIN
  // A self-extracting script is followed by its archive.
  if (kind?.id === 'script' && /^#! ?\/[\w/.-]{1,60}(?:[ \r\n])/.test(start))
    return { ...kind, title: 'a script followed by binary data' }
  if (kind === null || !ANY_ENCODING.has(kind.id)) return null
  // A page in a file of fixed size is padded with zeros.
  return !probed.includes(0) || kind.id === 'html' ? kind : null
}
