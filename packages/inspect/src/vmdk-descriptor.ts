import { failIf } from './format.ts'
import type { CheckFailure } from './inspection.ts'

/** In bytes. oslo.utils and QEMU read up to a mebibyte; real descriptors have hundreds of bytes. */
export const DESCRIPTOR_LIMIT = 262_144

/** The kinds whose data is in the file itself. Lower case, as all that is compared here: a descriptor's letters have no case. */
const WHOLE: ReadonlySet<string> = new Set(['monolithicsparse', 'streamoptimized'])
const ACCESS: ReadonlySet<string> = new Set(['rw', 'rdonly', 'noaccess'])
const TYPE = 'createtype="'

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text)

/** What stands behind the word, each time it comes. oslo.utils goes by the first in any case, QEMU by the first that is written `createType`: so all must agree. */
const typesOf = (text: string): readonly string[] => text.split('createtype').slice(1).map((rest) => /^="([^"\n]{0,63})"/.exec(rest)?.[1] ?? '')

/** Of a kind that has its data in the file itself. */
export const isWhole = (text: string): boolean => {
  const types = typesOf(text.toLowerCase())
  return types.length > 0 && types.every((type) => WHOLE.has(type))
}

const wrongType = (text: string): string => {
  const type = typesOf(text).find((one) => !WHOLE.has(one))
  return `its descriptor says ${type === undefined ? 'no createType' : `createType ${JSON.stringify(type)}`}: only monolithicSparse and streamOptimized have their data in the file itself`
}

const isExtent = (line: string): boolean => ACCESS.has(line.split(' ', 1)[0] ?? '')

/** A single word before `=`. What QEMU would read as an extent is none: to it, a tab parts words as a space does. */
const isField = (line: string): boolean => /^[^\s"=]+=/.test(line)

/** What is wrong with a descriptor, first of all; `null`: nothing. Each line must be one that is understood. */
const wrongIn = (text: string): string | null => {
  if (!isAscii(text)) return 'its descriptor is not ASCII'
  if (!isWhole(text)) return wrongType(text)
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('ddb'))
  const others = lines.filter((line) => !isField(line))
  if (others.some((line) => !isExtent(line))) return 'its descriptor has a line that is no field and no extent'
  if (others.some((line) => line.includes('/'))) return 'an extent in its descriptor names a path'
  return others.length === 0 ? 'its descriptor names no extent' : null
}

/** `text`: up to the first zero byte. */
export const descriptorFailures = (text: string): readonly CheckFailure[] => {
  const wrong = text.length > DESCRIPTOR_LIMIT ? `its descriptor is longer than ${DESCRIPTOR_LIMIT} bytes` : wrongIn(text.toLowerCase())
  return wrong === null ? [] : [{ check: 'descriptor', what: wrong }]
}

/**
 * The file that a VMDK is a difference to. QEMU looks for the word anywhere in the descriptor, in comments too, and opens what stands behind it, any path;
 * oslo.utils takes it for a field like others.
 */
export const parentFailures = (text: string): readonly CheckFailure[] =>
  failIf(text.toLowerCase().includes('parentfilenamehint'), 'backing_file', 'its descriptor names a parent, which whoever opens it would read')

/** How many bytes of a file are looked at to tell whether it is text, or starts as a descriptor. */
export const PROBED = 2048

/** oslo.utils takes a text for a descriptor that says its type, wherever. */
export const hasType = (text: string): boolean => text.toLowerCase().includes(TYPE)

/** Comments and blank lines, then a version: QEMU takes that for a descriptor (`vmdk_probe`), and minds no strange bytes in a comment. */
export const startsAsDescriptor = (first: string): boolean => /^(?:#[^\n]*\n| *\r?\n)*version=[123]\r?\n/.test(first)

/** The first 512 bytes, or all there are, have nothing but letters, marks and white space. */
export const isTextAtFirst = (first: string): boolean => /^[\t-\r\x1c-\x7e]*$/.test(first.slice(0, 512))
