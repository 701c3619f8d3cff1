/** In characters. Longer messages of file systems, engines and servers contain data. */
const MAX_LENGTH = 300

const FILE_REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'read-only file system'],
  ['EISDIR', 'it is a directory'],
  ['ENOSPC', 'no space left on device'],
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'host not found'],
  ['ETIMEDOUT', 'connection timed out'],
])

/** The reasons that DuckDB adds after the path of a file. */
const SYSTEM_REASON = /: (no space left on device|read-only file system|permission denied)$/i

const findCode = (thrown: unknown): string | null => {
  const code: unknown = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null
  return typeof code === 'string' ? code : null
}

const ownMessage = (thrown: unknown): string => {
  // For a host with several addresses, Node returns an error without a message, which contains the errors of all addresses.
  if (thrown instanceof AggregateError) return ownMessage(thrown.errors[0])
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return FILE_REASONS.get(findCode(thrown) ?? '') ?? SYSTEM_REASON.exec(message)?.[1]?.toLowerCase() ?? message
}

/** The message of an error, in one line. */
export const readMessage = (thrown: unknown): string =>
  (ownMessage(thrown).split('\n', 1)[0] ?? '').slice(0, MAX_LENGTH)
