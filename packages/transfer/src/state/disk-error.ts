import { ImageException, quotaExceeded, rejected, type ErrorSite, type ImageError } from '@imago/core'

const cannot = (site: ErrorSite, code: string, at: string): ImageError => rejected(site, { what: `the system could not read or write (${code})${at}`, hint: 'Look at the state of this machine' })

/** What a failure of the file system means; `null`: it is none. */
export const toDiskError = (site: ErrorSite, thrown: unknown): ImageError | null => {
  if (ImageException.is(thrown)) return thrown.error
  if (typeof thrown !== 'object' || thrown === null) return null
  const { code, errno, path, syscall } = thrown as Partial<NodeJS.ErrnoException>
  const at = path === undefined ? '' : `: ${path}`
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return quotaExceeded(site, { what: `the disk is full${at}`, hint: 'Free some space, or give another directory for the spool; then resume: what is here already is kept' })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return rejected(site, { what: `it may not be read or written here${at}`, hint: 'Give a directory that may be written' })
    case 'ENOENT':
      return rejected(site, { what: `there is no such file or directory${at}`, hint: 'Check the path' })
    case 'ENOTDIR':
    case 'EEXIST':
      return rejected(site, { what: `what should be a directory is a file${at}`, hint: 'Check the path' })
    case 'EISDIR':
      return rejected(site, { what: `this is a directory${at}`, hint: 'Check the path' })
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return rejected(site, { what: `the file system has no such names${at}`, hint: 'Give another name' })
    case 'EFBIG':
      return rejected(site, { what: `the file would be larger than may be written here${at}`, hint: 'Give a directory on another file system, or raise the limit (ulimit -f)' })
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
      return cannot(site, code, at)
    default:
      // Node says of whatever the system refused which call that was.
      return typeof errno === 'number' && typeof syscall === 'string' && typeof code === 'string' ? cannot(site, code, at) : null
  }
}
