import type { FileReading, Surroundings } from '../src/index.ts'

export interface Scene {
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly home?: string
  readonly platform?: string
  /** Files that others may read, besides. */
  readonly open?: readonly string[]
  /** Files that cannot be read. */
  readonly locked?: readonly string[]
}

/** Surroundings in memory. */
export const scene = ({ files = {}, env = {}, cwd = '/cwd', home = '/home/me', platform = 'linux', open = [], locked = [] }: Scene): Surroundings => ({
  env,
  cwd,
  home,
  platform,
  readFile: (path): FileReading => {
    if (locked.includes(path)) return { _tag: 'unreadable', reason: 'permission denied' }
    const text = files[path]
    return text === undefined ? { _tag: 'missing' } : { _tag: 'text', text, isOpenToOthers: open.includes(path) }
  },
})
