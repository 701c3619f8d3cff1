/** Messages of file systems, engines and servers are short; a longer one quotes data. */
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

const codeOf = (thrown: unknown): string | null => {
  const code: unknown = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null
  return typeof code === 'string' ? code : null
}

const ownMessage = (thrown: unknown): string => {
  // Node reports a host with several addresses as one error that holds theirs, and has no message.
  if (thrown instanceof AggregateError) return ownMessage(thrown.errors[0])
  return FILE_REASONS.get(codeOf(thrown) ?? '') ?? (thrown instanceof Error ? thrown.message : String(thrown))
}

/** What went wrong, in one line. */
export const messageOf = (thrown: unknown): string =>
  (ownMessage(thrown).split('\n', 1)[0] ?? '').slice(0, MOST_CHARACTERS)
