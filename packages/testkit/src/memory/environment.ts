import type { Environment, FileContent } from '@imago/provider-kit'

/** The content of an environment in memory. */
export interface MemoryEnvironment {
  readonly files?: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  /** Default: `/cwd`. */
  readonly workingDirectory?: string
  /** Default: `/home/me`. */
  readonly home?: string
  /** Default: `linux`. */
  readonly platform?: string
  /** The files among `files` that others may read. */
  readonly open?: readonly string[]
  /** Files that cannot be read. */
  readonly locked?: readonly string[]
}

/** Creates an environment of files and variables in memory. */
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
