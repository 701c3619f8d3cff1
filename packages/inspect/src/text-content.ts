import type { Content } from './inspection.ts'

const PROBED = 4096
const CHECK_URL = 'Check the URL: it may answer with a page for people, or with an error'
const CHECK_FILE = 'Check that it is the file that was meant'

const text = (id: string, title: string, advice = CHECK_FILE): Content => ({ kind: 'text', id, title, advice })

/** By how a text begins, the first that fits. Each is anchored, and none goes back: what comes is foreign. */
const BEGINNINGS: readonly (readonly [RegExp, Content])[] = [
  [/^version https:\/\/git-lfs\.github\.com\/spec\//, text('git-lfs-pointer', 'a Git LFS pointer, which stands for the file', 'Fetch the file itself: git lfs pull')],
  [/^version https:\/\/hawser\.github\.com\/spec\//, text('git-lfs-pointer', 'a Git LFS pointer, which stands for the file', 'Fetch the file itself: git lfs pull')],
  [/^(?:<!doctype html|<html|<head|<body|<title|<script|<meta )/i, text('html', 'an HTML page', CHECK_URL)],
  [/^<(?:!--|\?xml|!doctype|[a-z_][\w.:-]*[\s>/])/i, text('xml', 'an XML document', CHECK_URL)],
  [/^#!/, text('script', 'a script')],
  [/^#cloud-(?:config|boothook)|^#include[\s]/, text('cloud-config', 'user data for cloud-init')],
  [/^(?:%YAML|---\s)/, text('yaml', 'a YAML document')],
  [/^-----BEGIN PGP /, text('pgp', 'a PGP signature, message or key', 'Give the file that it signs')],
  [/^-----BEGIN /, text('pem', 'a certificate or a key in PEM')],
  [/^[0-9a-f]{32,128} [ *]\S/i, text('checksums', 'a list of digests', 'Give the file that it is about')],
  [/^(?:MD5|SHA\d{1,3}|BLAKE2b) \(/, text('checksums', 'a list of digests', 'Give the file that it is about')],
  [/^[[{]\s{0,200}(?:["[\]{}\d-]|true|false|null)/, text('json', 'a JSON document', CHECK_URL)],
  [/^[A-Za-z_][\w.-]{0,60}:(?:\s|$)/, text('yaml', 'a YAML document, or another list of keys and values')],
]

const PLAIN = text('text', 'a text')

/** What follows says more than how an XML document begins. */
const xmlKind = (start: string): Content | null => {
  if (/<html[\s>]/i.test(start)) return text('html', 'an HTML page', CHECK_URL)
  if (/<(?:\w{1,20}:)?Envelope[\s>]/.test(start)) return { kind: 'text', id: 'ovf', title: 'an OVF descriptor, whose disks are files of their own', advice: 'Give the disk that it names' }
  if (/<Error>/.test(start)) return text('xml', 'an error message in XML, as object stores answer', CHECK_URL)
  if (/<svg[\s>]/i.test(start)) return { kind: 'media', id: 'svg', title: 'an SVG picture', advice: CHECK_FILE }
  return null
}

/** Whether all of it is text: UTF-8, cut anywhere, without control characters that texts do not have. */
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

/** Without a byte order mark it must begin as markup does: an ASCII character beside a zero proves nothing. */
const isMarkup = (bytes: Uint8Array, [first, second]: readonly [number, number]): boolean => bytes[first] === 0x3c && bytes[second] === 0 && bytes[first + 2] !== 0 && bytes[second + 2] === 0

const utf16 = (bytes: Uint8Array): string | null => {
  const isLittle = (bytes[0] === 0xff && bytes[1] === 0xfe) || isMarkup(bytes, [0, 1])
  if (!isLittle && !(bytes[0] === 0xfe && bytes[1] === 0xff) && !isMarkup(bytes, [1, 0])) return null
  const decoded = new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  // eslint-disable-next-line no-control-regex
  return /[\0-\x08\x0e-\x1a\ufffd]/.test(decoded) ? null : decoded
}

/** Pages and documents that begin so are recognized in any encoding. */
const ANYHOW: ReadonlySet<string> = new Set(['html', 'git-lfs-pointer', 'pgp', 'pem'])

const kindOf = (start: string): Content | null => {
  const found = BEGINNINGS.find(([beginning]) => beginning.test(start))?.[1] ?? null
  return found?.id === 'xml' ? (xmlKind(start) ?? found) : found
}

/** A text, and which; `null`: none. */
export const textContent = (head: Uint8Array): Content | null => {
  const probed = head.subarray(0, PROBED)
  const wide = utf16(probed)
  if (wide !== null) return kindOf(wide.trimStart()) ?? PLAIN
  const isBare = isText(probed)
  const start = Buffer.from(probed.buffer, probed.byteOffset, probed.byteLength).toString('utf8').replace(/^\ufeff/, '').trimStart()
  const kind = kindOf(start)
  if (isBare) return kind ?? PLAIN
  // A script may be followed by the program that it unpacks.
  if (kind?.id === 'script' && /^#! ?\/[\w/.-]{1,60}(?:[ \r\n])/.test(start)) return { ...kind, title: 'a script with a program behind it' }
  if (kind === null || !ANYHOW.has(kind.id)) return null
  // Zeros behind a page are what a file of a fixed size is filled up with.
  return !probed.includes(0) || kind.id === 'html' ? kind : null
}
