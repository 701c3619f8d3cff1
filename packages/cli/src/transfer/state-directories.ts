import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** Where runs leave what they need to go on. */
export interface StateDirectories {
  readonly journalDir: string
  readonly spoolDir: string
}

/** As the XDG base directory specification says: a relative path there is not to be used. */
const base = (variable: string | undefined, fallback: string): string =>
  variable !== undefined && isAbsolute(variable) ? variable : join(homedir(), fallback)

/** Journals are state, spooled images a cache: `$XDG_STATE_HOME/imago/runs` and `$XDG_CACHE_HOME/imago/spool`, or `--spool`. */
export const stateDirectories = (
  env: Readonly<Record<string, string | undefined>>,
  spool: string | undefined,
): StateDirectories => ({
  journalDir: join(base(env['XDG_STATE_HOME'], '.local/state'), 'imago', 'runs'),
  spoolDir: spool === undefined ? join(base(env['XDG_CACHE_HOME'], '.cache'), 'imago', 'spool') : resolve(spool),
})
