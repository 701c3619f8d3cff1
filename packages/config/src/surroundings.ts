import { posix, win32, type PlatformPath } from 'node:path'

/** What became of reading a file. */
export type FileReading =
  | {
      readonly _tag: 'text'
      readonly text: string
      /** Others than its owner may read it. */
      readonly isOpenToOthers: boolean
    }
  | { readonly _tag: 'missing' }
  | {
      readonly _tag: 'unreadable'
      /** Why, in words. */
      readonly reason: string
    }

/** Everything of the machine that configuration depends on: with the same surroundings, the same clouds are found. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory, absolute. */
  readonly cwd: string
  /** The home directory, absolute. */
  readonly home: string
  /** As `process.platform` has it. */
  readonly platform: string
  /** Reads an absolute path. Never throws. */
  readonly readFile: (path: string) => FileReading
}

/** The rules of paths on this platform. */
export const pathsOf = ({ platform }: Surroundings): PlatformPath => (platform === 'win32' ? win32 : posix)

/** A variable of the environment; an empty one counts as not set. */
export const variable = ({ env }: Surroundings, name: string): string | null => {
  const value = env[name]
  return value === undefined || value === '' ? null : value
}

/** `path` as a person would write it: from the working directory, or from `~`. */
export const shownPath = (surroundings: Surroundings, path: string): string => {
  const { sep } = pathsOf(surroundings)
  const within = (directory: string): string | null => (directory !== sep && path.startsWith(`${directory}${sep}`) ? path.slice(directory.length + 1) : null)
  const fromHere = within(surroundings.cwd)
  const fromHome = within(surroundings.home)
  // The nearer of both.
  if (fromHere !== null && (fromHome === null || fromHere.length <= fromHome.length)) return fromHere
  return fromHome === null ? path : `~${sep}${fromHome}`
}

/** `path` with a leading `~` replaced by the home directory, and absolute. */
export const absolute = (surroundings: Surroundings, path: string): string => {
  const paths = pathsOf(surroundings)
  const expanded = path === '~' || path.startsWith('~/') ? paths.join(surroundings.home, path.slice(1)) : path
  return paths.resolve(surroundings.cwd, expanded)
}
