import * as E from 'fp-ts/lib/Either.js'
import type { Gathering } from '../findings.ts'
import { pathsOf, shownPath, variable, type Surroundings } from '../surroundings.ts'
import { readCliToml, type CliToml } from './cli-toml.ts'

/** hcloud's file, where there is one. */
export interface CliFile {
  readonly path: string
  /** For people. */
  readonly shown: string
  readonly toml: CliToml
}

/** Where it is. The home directory counts, not `XDG_CONFIG_HOME` (`hetznercloud/cli:internal/state/config/config_unix.go`, `config_windows.go`). */
const placeOf = (surroundings: Surroundings): { readonly path: string; readonly isNamed: boolean } | null => {
  const paths = pathsOf(surroundings)
  const named = variable(surroundings, 'HCLOUD_CONFIG')
  if (named !== null) return { path: paths.resolve(surroundings.cwd, named), isNamed: true }
  if (surroundings.platform !== 'win32') return { path: paths.join(surroundings.home, '.config', 'hcloud', 'cli.toml'), isNamed: false }
  const appData = variable(surroundings, 'APPDATA')
  return appData === null ? null : { path: paths.join(appData, 'hcloud', 'cli.toml'), isNamed: false }
}

/** Reads it. What is wrong with it goes to the gathering. */
export const findCliFile = (surroundings: Surroundings, gathering: Gathering): CliFile | null => {
  const place = placeOf(surroundings)
  if (place === null) return null
  const { path, isNamed } = place
  const shown = shownPath(surroundings, path)
  const reading = surroundings.readFile(path)
  switch (reading._tag) {
    case 'missing':
      // As if it were empty (`config.go`, `Read`).
      if (isNamed) gathering.warning(null, { what: `HCLOUD_CONFIG names ${shown}, and there is no such file`, hint: 'Correct the variable, or unset it' })
      return null
    case 'unreadable':
      gathering.unreadable({ what: `cannot read ${shown}: ${reading.reason}`, hint: 'Make it readable to you' })
      return null
    case 'text': {
      const toml = readCliToml(reading.text)
      if (E.isLeft(toml)) {
        gathering.unreadable({ ...toml.left, what: `cannot read ${shown}: ${toml.left.what}` })
        return null
      }
      if (reading.isOpenToOthers) gathering.warning(null, { what: `${shown} holds tokens, and others can read it`, hint: `Run chmod 600 ${shown}` })
      return { path, shown, toml: toml.right }
    }
  }
}
