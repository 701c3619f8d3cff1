import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The directories of the state that runs need to resume. */
export interface StateDirectories {
  readonly journals: string
  readonly spoolDir: string
}

/** A relative path is ignored, as the XDG base directory specification requires. */
const base = (variable: string | undefined, fallback: string): string =>
  variable !== undefined && isAbsolute(variable) ? variable : join(homedir(), fallback)

/** Journals are in `$XDG_STATE_HOME/imago/runs`, staged images in `$XDG_CACHE_HOME/imago/spool` or `--spool`. */
export const stateDirectories = (
  env: Readonly<Record<string, string | undefined>>,
  spool: string | undefined,
): StateDirectories => ({
  journals: join(base(env['XDG_STATE_HOME'], '.local/state'), 'imago', 'runs'),
  spoolDir: spool === undefined ? join(base(env['XDG_CACHE_HOME'], '.cache'), 'imago', 'spool') : resolve(spool),
})
