import type { Ended } from './execute.ts'

/** Reasons why qemu-img cannot open an intact file: a key, a log that only a writer may replay, or a feature that QEMU does not implement. */
const OF_THE_FORMAT =
  /\bkey\b|encrypt|cipher|passphrase|log that needs|replaying journal|not support|unsupported|unknown driver|whitelist/i
/** Reasons on this machine. */
const OF_THE_MACHINE =
  /permission|not permitted|no such file|memory|(?:could not|cannot) allocate|too many open|file name too long|input\/output error|no space left|\block\b/i

/** The last line of qemu-img's standard error. */
export const findErrorLine = ({ errors }: Ended): string =>
  errors
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^qemu-img: /, '') ?? ''

/** Removes the `json:` description of the file. */
const removeDescription = (message: string): string => {
  const start = message.indexOf("'json:")
  const end = message.indexOf("}'", start)
  return start < 0 || end < 0 ? message : `${message.slice(0, start)}'the file'${message.slice(end + 2)}`
}

/** A message without the paths of the file, which are internal. `paths`: as passed to qemu-img. */
export const removePath = (message: string, ...paths: readonly string[]): string =>
  paths
    .reduce(
      (message, path) => message.replaceAll(path, 'the file'),
      removeDescription(message.replace(/^Could not open 'json:.*\}': /, '')),
    )
    .replaceAll("'the file'", 'the file')
    .replace(/^Could not open the file: /, '')
    .slice(0, 300)

/** Why a file could not be opened: damaged bytes, a format or feature that QEMU does not support, or this machine; `null`: the message is about something else. */
export const classifyOpenError = (
  message: string,
  ...paths: readonly string[]
): 'damaged' | 'format' | 'machine' | null => {
  if (!message.startsWith('Could not open ')) return null
  const reason = removePath(message, ...paths)
  if (OF_THE_MACHINE.test(reason)) return 'machine'
  return OF_THE_FORMAT.test(reason) ? 'format' : 'damaged'
}
