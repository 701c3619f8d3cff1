import { displayPath, getPathModule, readVariable, type Environment, type ProblemReporter } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { readCliToml, type CliToml } from './cli-toml.ts'

/** The file of hcloud. */
export interface CliFile {
  readonly path: string
  /** The path for messages. */
  readonly shown: string
  readonly toml: CliToml
}

/** The path of the file, by the home directory, not `XDG_CONFIG_HOME` (`hetznercloud/cli:internal/state/config/config_unix.go`, `config_windows.go`). */
const findPath = (environment: Environment): { readonly path: string; readonly isNamed: boolean } | null => {
  const paths = getPathModule(environment)
  const named = readVariable(environment, 'HCLOUD_CONFIG')
  if (named !== null) return { path: paths.resolve(environment.workingDirectory, named), isNamed: true }
  if (environment.platform !== 'win32')
    return { path: paths.join(environment.home, '.config', 'hcloud', 'cli.toml'), isNamed: false }
  const appData = readVariable(environment, 'APPDATA')
  return appData === null ? null : { path: paths.join(appData, 'hcloud', 'cli.toml'), isNamed: false }
}

/** Reads the file, and reports its problems. */
export const findCliFile = (environment: Environment, discovery: ProblemReporter): CliFile | null => {
  const place = findPath(environment)
  if (place === null) return null
  const { path, isNamed } = place
  const shown = displayPath(environment, path)
  const reading = environment.readFile(path)
  switch (reading._tag) {
    case 'missing':
      // Like an empty file (`config.go`, `Read`).
      if (isNamed)
        discovery.warning(null, {
          what: `file not found: ${shown}, named by HCLOUD_CONFIG`,
          hint: 'Correct or unset the variable',
        })
      return null
    case 'unreadable':
      discovery.unreadable({
        what: `cannot read ${shown}: ${reading.reason}`,
        hint: 'Make the file readable to you',
      })
      return null
    case 'text': {
      const toml = readCliToml(reading.text)
      if (E.isLeft(toml)) {
        discovery.unreadable({ ...toml.left, what: `cannot read ${shown}: ${toml.left.what}` })
        return null
      }
      if (reading.isOpenToOthers)
        discovery.warning(null, {
          what: `${shown} contains tokens, and other users can read it`,
          hint: `Run chmod 600 ${shown}`,
        })
      return { path, shown, toml: toml.right }
    }
  }
}
