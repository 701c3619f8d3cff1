import { findingIf } from './format.ts'
import type { Finding } from './inspection.ts'

/** In bytes. oslo.utils and QEMU read up to 1 MiB; real descriptors have some hundred bytes. */
export const DESCRIPTOR_LIMIT = 262_144

/** The `createType`s with the data in the file itself. In lower case, since descriptors are case-insensitive. */
const SINGLE_FILE_TYPES: ReadonlySet<string> = new Set(['monolithicsparse', 'streamoptimized'])
const ACCESS: ReadonlySet<string> = new Set(['rw', 'rdonly', 'noaccess'])
const TYPE = 'createtype="'

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text)

/** Every `createType`. oslo.utils takes the first in any case, QEMU the first that is spelled `createType`, so all must be allowed. */
const findTypes = (text: string): readonly string[] =>
  text
    .split('createtype')
    .slice(1)
    .map((rest) => /^="([^"\n]{0,63})"/.exec(rest)?.[1] ?? '')

/** Whether the data is in the file itself. */
export const isSingleFile = (text: string): boolean => {
  const types = findTypes(text.toLowerCase())
  return types.length > 0 && types.every((type) => SINGLE_FILE_TYPES.has(type))
}

const describeWrongType = (text: string): string => {
  const type = findTypes(text).find((one) => !SINGLE_FILE_TYPES.has(one))
  return `its descriptor has ${type === undefined ? 'no createType' : `createType ${JSON.stringify(type)}`}, and only monolithicSparse and streamOptimized have their data in the file itself`
}

const isExtent = (line: string): boolean => ACCESS.has(line.split(' ', 1)[0] ?? '')

/** A single word before `=`. QEMU also splits words at tabs, so a line with one could be an extent. */
const isField = (line: string): boolean => /^[^\s"=]+=/.test(line)

/** The first problem of a descriptor; `null`: none. Every line must be a comment, a field or an extent. */
const findProblem = (text: string): string | null => {
  if (!isAscii(text)) return 'its descriptor is not ASCII'
  if (!isSingleFile(text)) return describeWrongType(text)
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('ddb'))
  const others = lines.filter((line) => !isField(line))
  if (others.some((line) => !isExtent(line))) return 'its descriptor has a line that is neither a field nor an extent'
  if (others.some((line) => line.includes('/'))) return 'an extent in its descriptor names a path'
  return others.length === 0 ? 'its descriptor names no extent' : null
}

/** @param text the descriptor up to its first zero byte. */
export const descriptorFailures = (text: string): readonly Finding[] => {
  const problem =
    text.length > DESCRIPTOR_LIMIT
      ? `its descriptor is longer than ${DESCRIPTOR_LIMIT} bytes`
      : findProblem(text.toLowerCase())
  return problem === null
    ? []
    : [{ check: 'descriptor', what: problem, source: 'oslo.utils, format_inspector.py; QEMU, block/vmdk.c' }]
}

/**
 * The parent of a differencing VMDK. QEMU searches for the word anywhere in the descriptor, comments included, and opens any path that follows it;
 * oslo.utils treats it as an ordinary field.
 */
export const parentFailures = (text: string): readonly Finding[] =>
  findingIf(
    text.toLowerCase().includes('parentfilenamehint'),
    'backing_file',
    'its descriptor names a parent, and a program that opens the image also reads that file',
    'QEMU, block/vmdk.c',
  )

/** In bytes: the beginning of a file that decides whether it is a descriptor. */
export const PROBED = 2048

/** oslo.utils takes a text with a `createType` anywhere for a descriptor. */
export const hasType = (text: string): boolean => text.toLowerCase().includes(TYPE)

/** QEMU (`vmdk_probe`) takes comments and blank lines before a version for a descriptor, with any bytes in the comments. */
export const startsAsDescriptor = (first: string): boolean => /^(?:#[^\n]*\n| *\r?\n)*version=[123]\r?\n/.test(first)

/** Whether the first 512 bytes, or all there are, are printable ASCII and white space. */
export const isTextAtFirst = (first: string): boolean => /^[\t-\r\x1c-\x7e]*$/.test(first.slice(0, 512))
