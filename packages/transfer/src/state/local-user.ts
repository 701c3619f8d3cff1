import type { Stats } from 'node:fs'

/** Whose files a run trusts on this machine. */
export interface LocalUser {
  /** The user that this process acts as; `null`: the system has no such ids (Windows), and nothing is compared. */
  readonly uid: number | null
  /** Owners whose files and directories are as good as one's own. */
  readonly own: ReadonlySet<number>
}

const numberIn = (text: string | undefined): readonly number[] =>
  text !== undefined && /^\d{1,10}$/.test(text) ? [Number(text)] : []

/** Root also trusts what belongs to the user who called `sudo`: whoever may do that can do everything anyway, and the home directory may still be theirs. */
export const localUser = (uid: number | null, env: Readonly<Record<string, string | undefined>>): LocalUser => ({
  uid,
  own: new Set(uid === null ? [] : uid === 0 ? [0, ...numberIn(env['SUDO_UID'])] : [uid]),
})

export const currentUser = (): LocalUser => localUser(process.geteuid?.() ?? null, process.env)

export const isOwnedBy = ({ uid, own }: LocalUser, info: Pick<Stats, 'uid'>): boolean =>
  uid === null || own.has(info.uid)

/** Root's things cannot be changed by another user either. */
export const isOwnedByUserOrRoot = (user: LocalUser, info: Pick<Stats, 'uid'>): boolean =>
  info.uid === 0 || isOwnedBy(user, info)

/** Whether others than the owner may write to it. The bits say nothing on Windows. */
export const mayOthersWrite = ({ uid }: LocalUser, info: Pick<Stats, 'mode'>): boolean =>
  uid !== null && (info.mode & 0o022) !== 0

/** Why a file is not one of the run's own; `null`: it may be. `links`: how many names it may have. */
export const whyNotOwnFile = (user: LocalUser, info: Stats, links = 1): string | null => {
  if (info.isSymbolicLink()) return 'it is a symbolic link'
  if (!info.isFile()) return 'it is not a regular file'
  if (!isOwnedBy(user, info)) return `it belongs to another user (uid ${info.uid})`
  return info.nlink > links ? 'it is a hard link: the file has another name as well' : null
}
