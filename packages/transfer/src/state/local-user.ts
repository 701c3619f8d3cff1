import type { Stats } from 'node:fs'

/** The user whose files a run trusts on this machine. */
export interface LocalUser {
  /** The effective user of this process; `null`: the system has no user IDs (Windows), so owners are not compared. */
  readonly uid: number | null
  /** Trusted owners of files and directories. */
  readonly own: ReadonlySet<number>
}

const numberIn = (text: string | undefined): readonly number[] =>
  text !== undefined && /^\d{1,10}$/.test(text) ? [Number(text)] : []

/** Root also trusts the files of the user who called `sudo`, whose home directory may still be in use. That user has all rights anyway. */
export const localUser = (uid: number | null, env: Readonly<Record<string, string | undefined>>): LocalUser => ({
  uid,
  own: new Set(uid === null ? [] : uid === 0 ? [0, ...numberIn(env['SUDO_UID'])] : [uid]),
})

/** The effective user of this process. */
export const currentUser = (): LocalUser => localUser(process.geteuid?.() ?? null, process.env)

export const isOwnedBy = ({ uid, own }: LocalUser, info: Pick<Stats, 'uid'>): boolean =>
  uid === null || own.has(info.uid)

/** Other users cannot change files of root either. */
export const isOwnedByUserOrRoot = (user: LocalUser, info: Pick<Stats, 'uid'>): boolean =>
  info.uid === 0 || isOwnedBy(user, info)

/** Whether others than the owner may write. On Windows, file modes do not show this. */
export const mayOthersWrite = ({ uid }: LocalUser, info: Pick<Stats, 'mode'>): boolean =>
  uid !== null && (info.mode & 0o022) !== 0

/** Why a file cannot be one of the run; `null`: it can. `links`: the most names it may have. */
export const whyNotOwnFile = (user: LocalUser, info: Stats, links = 1): string | null => {
  if (info.isSymbolicLink()) return 'it is a symbolic link'
  if (!info.isFile()) return 'it is not a regular file'
  if (!isOwnedBy(user, info)) return `it belongs to another user (uid ${info.uid})`
  return info.nlink > links ? 'it is a hard link: the file has another name as well' : null
}
