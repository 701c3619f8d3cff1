import type { Environment, FileContent } from '@imago/provider-kit'

/** What an environment in memory holds. */
export interface MemoryEnvironment {
  readonly files?: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  /** `/cwd`, if left out. */
  readonly workingDirectory?: string
  /** `/home/me`, if left out. */
  readonly home?: string
  /** `linux`, if left out. */
  readonly platform?: string
  /** Files that others may read, besides. */
  readonly open?: readonly string[]
  /** Files that cannot be read. */
  readonly locked?: readonly string[]
}

/** An environment of files and variables in memory. */
export const createMemoryEnvironment = ({
  files = {},
  variables = {},
  workingDirectory = '/cwd',
  home = '/home/me',
  platform = 'linux',
  open = [],
  locked = [],
}: MemoryEnvironment): Environment => ({
  variables,
  workingDirectory,
  home,
  platform,
  readFile: (path): FileContent => {
    if (locked.includes(path)) return { _tag: 'unreadable', reason: 'permission denied' }
    const text = files[path]
    return text === undefined ? { _tag: 'missing' } : { _tag: 'text', text, isOpenToOthers: open.includes(path) }
  },
})
