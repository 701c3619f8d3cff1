import type { Ended } from './execute.ts'

/** What a sound file may have that keeps qemu-img from opening it: a key, a log that only a writer may replay, what QEMU does not implement. */
const OF_THE_FORMAT = /\bkey\b|encrypt|cipher|passphrase|log that needs|replaying journal|not support|unsupported|unknown driver|whitelist/i
/** What a machine may have against opening it. */
const OF_THE_MACHINE = /permission|not permitted|no such file|memory|(?:could not|cannot) allocate|too many open|file name too long|input\/output error|no space left|\block\b/i

/** The last line that qemu-img complained in. */
export const findComplaint = ({ errors }: Ended): string => errors.trim().split('\n').at(-1)?.replace(/^qemu-img: /, '') ?? ''

/** Without the description by which qemu-img was given the file, or which it made of that. */
const withoutDescription = (said: string): string => {
  const start = said.indexOf("'json:")
  const end = said.indexOf("}'", start)
  return start < 0 || end < 0 ? said : `${said.slice(0, start)}'the file'${said.slice(end + 2)}`
}

/** A complaint without what the file was called by, which says nothing to those who know it. `paths`: as qemu-img was given them. */
export const removePath = (complaint: string, ...paths: readonly string[]): string =>
  paths
    .reduce((said, path) => said.replaceAll(path, 'the file'), withoutDescription(complaint.replace(/^Could not open 'json:.*\}': /, '')))
    .replaceAll("'the file'", 'the file')
    .replace(/^Could not open the file: /, '')
    .slice(0, 300)

/** Whose fault it is, where a complaint says that the file could not be opened: of its bytes, of a format that QEMU cannot open in this form, of this machine; `null`: it says something else. */
export const classifyOpenError = (complaint: string, ...paths: readonly string[]): 'damaged' | 'format' | 'machine' | null => {
  if (!complaint.startsWith('Could not open ')) return null
  const reason = removePath(complaint, ...paths)
  if (OF_THE_MACHINE.test(reason)) return 'machine'
  return OF_THE_FORMAT.test(reason) ? 'format' : 'damaged'
}
