import { posix, win32, type PlatformPath } from 'node:path'

/** The result of reading a file. */
export type FileContent =
  | {
      readonly _tag: 'text'
      readonly text: string
      /** Whether users other than the owner may read it. */
      readonly isOpenToOthers: boolean
    }
  | { readonly _tag: 'missing' }
  | {
      readonly _tag: 'unreadable'
      /** The reason, for people. */
      readonly reason: string
    }

/** Every input of configuration on this machine: equal environments give equal clouds. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** An absolute path. */
  readonly workingDirectory: string
  /** The home directory, as an absolute path. */
  readonly home: string
  /** The value of `process.platform`. */
  readonly platform: string
  /** Reads a file by its absolute path. Never throws. */
  readonly readFile: (path: string) => FileContent
}

/** Returns Node's path functions for this platform. */
export const getPathModule = ({ platform }: Pick<Environment, 'platform'>): PlatformPath =>
  platform === 'win32' ? win32 : posix

/** Reads an environment variable; an empty one counts as not set. */
export const readVariable = ({ variables }: Pick<Environment, 'variables'>, name: string): string | null => {
  const value = variables[name]
  return value === undefined || value === '' ? null : value
}

/** Shortens `path` for people: relative to the working directory, or to `~`. */
export const displayPath = (environment: Environment, path: string): string => {
  const { sep } = getPathModule(environment)
  const within = (directory: string): string | null =>
    directory !== sep && path.startsWith(`${directory}${sep}`) ? path.slice(directory.length + 1) : null
  const fromHere = within(environment.workingDirectory)
  const fromHome = within(environment.home)
  // Prefer the shorter one.
  if (fromHere !== null && (fromHome === null || fromHere.length <= fromHome.length)) return fromHere
  return fromHome === null ? path : `~${sep}${fromHome}`
}

/** Makes `path` absolute and replaces a leading `~` by the home directory. */
export const absolutePath = (environment: Environment, path: string): string => {
  const paths = getPathModule(environment)
  const expanded = path === '~' || path.startsWith('~/') ? paths.join(environment.home, path.slice(1)) : path
  return paths.resolve(environment.workingDirectory, expanded)
}
