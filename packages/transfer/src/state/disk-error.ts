import { ImageException, quotaExceeded, rejected, type ErrorSite, type ImageError } from '@imago/core'

const cannot = (site: ErrorSite, code: string, at: string): ImageError =>
  rejected(site, { what: `reading or writing failed (${code})${at}`, hint: 'Check the disk and this machine' })

/**
 * The error for a target file whose disk is full; `null`: not such a failure. The path is a parameter, because errors of writing have none, and those of
 * links have the other path.
 * @param isStaged the bytes are also in the spool, which may be on another disk.
 */
export const toFullTargetError = (
  site: ErrorSite,
  thrown: unknown,
  path: string,
  isStaged: boolean,
): ImageError | null => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? quotaExceeded(site, {
        what: `the disk of ${path} is full`,
        hint: `Free some space there, then resume${isStaged ? ': the files in the spool are kept' : ''}`,
        remedy: 'resume',
      })
    : null
}

/** The error for a failure of the file system, such as that of the spool; `null`: not such a failure. */
export const toDiskError = (site: ErrorSite, thrown: unknown): ImageError | null => {
  if (ImageException.is(thrown)) return thrown.error
  if (typeof thrown !== 'object' || thrown === null) return null
  const { code, errno, path, syscall } = thrown as Partial<NodeJS.ErrnoException>
  const at = path === undefined ? '' : `: ${path}`
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return quotaExceeded(site, {
        what: path === undefined ? 'the disk is full' : `the disk of ${path} is full`,
        hint: 'Free some space, then resume: the files in the spool are kept',
      })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return rejected(site, { what: `permission denied${at}`, hint: 'Choose a directory that you may write to' })
    case 'ENOENT':
      return rejected(site, { what: `no such file or directory${at}`, hint: 'Check the path' })
    case 'ENOTDIR':
    case 'EEXIST':
      return rejected(site, { what: `not a directory${at}`, hint: 'Check the path' })
    case 'EISDIR':
      return rejected(site, { what: `is a directory${at}`, hint: 'Check the path' })
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return rejected(site, {
        what: `the name is too long, or has too many symbolic links${at}`,
        hint: 'Choose another path',
      })
    case 'EFBIG':
      return rejected(site, {
        what: `the file is too large${at}`,
        hint: 'Choose a directory on another file system, or raise the limit (ulimit -f)',
      })
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
      return cannot(site, code, at)
    default:
      // Node sets `syscall` for every error of the operating system.
      return typeof errno === 'number' && typeof syscall === 'string' && typeof code === 'string'
        ? cannot(site, code, at)
        : null
  }
}
