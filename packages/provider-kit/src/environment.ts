import { posix, win32, type PlatformPath } from 'node:path'

/** The result of reading a file. */
export type FileContent =
  | {
      readonly _tag: 'text'
      readonly text: string
      /** Users other than its owner may read it. */
      readonly isOpenToOthers: boolean
    }
  | { readonly _tag: 'missing' }
  | {
      readonly _tag: 'unreadable'
      /** Why, in words. */
      readonly reason: string
    }

/** Everything of the machine that configuration depends on: the same environment gives the same clouds. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Absolute. */
  readonly workingDirectory: string
  /** The home directory, absolute. */
  readonly home: string
  /** As `process.platform` has it. */
  readonly platform: string
  /** Reads an absolute path. Never throws. */
  readonly readFile: (path: string) => FileContent
}

/** The rules of paths on this platform. */
export const getPathModule = ({ platform }: Pick<Environment, 'platform'>): PlatformPath =>
  platform === 'win32' ? win32 : posix

/** A variable of the environment; an empty one counts as not set. */
export const readVariable = ({ variables }: Pick<Environment, 'variables'>, name: string): string | null => {
  const value = variables[name]
  return value === undefined || value === '' ? null : value
}

/** `path` as a person would write it: relative to the working directory, or to `~`. */
export const displayPath = (environment: Environment, path: string): string => {
  const { sep } = getPathModule(environment)
  const within = (directory: string): string | null =>
    directory !== sep && path.startsWith(`${directory}${sep}`) ? path.slice(directory.length + 1) : null
  const fromHere = within(environment.workingDirectory)
  const fromHome = within(environment.home)
  // The nearer of both.
  if (fromHere !== null && (fromHome === null || fromHere.length <= fromHome.length)) return fromHere
  return fromHome === null ? path : `~${sep}${fromHome}`
}

/** `path` with a leading `~` replaced by the home directory, and absolute. */
export const absolutePath = (environment: Environment, path: string): string => {
  const paths = getPathModule(environment)
  const expanded = path === '~' || path.startsWith('~/') ? paths.join(environment.home, path.slice(1)) : path
  return paths.resolve(environment.workingDirectory, expanded)
}
