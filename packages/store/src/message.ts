/** In characters. Longer messages of file systems, engines and servers contain data. */
const MOST_CHARACTERS = 300

const FILE_REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'read-only file system'],
  ['EISDIR', 'is a directory'],
  ['ENOSPC', 'no space left on device'],
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'host not found'],
  ['ETIMEDOUT', 'connection timed out'],
])

const findCode = (thrown: unknown): string | null => {
  const code: unknown = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null
  return typeof code === 'string' ? code : null
}

const ownMessage = (thrown: unknown): string => {
  // For a host with several addresses, Node returns an error without a message, which contains the errors of all addresses.
  if (thrown instanceof AggregateError) return ownMessage(thrown.errors[0])
  return FILE_REASONS.get(findCode(thrown) ?? '') ?? (thrown instanceof Error ? thrown.message : String(thrown))
}

/** The message of an error, in one line. */
export const readMessage = (thrown: unknown): string =>
  (ownMessage(thrown).split('\n', 1)[0] ?? '').slice(0, MOST_CHARACTERS)
