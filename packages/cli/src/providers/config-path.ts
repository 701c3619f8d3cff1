import { getPathModule, readVariable, type Environment } from '@imago/provider-kit'

/** The path of the user's configuration file: `$XDG_CONFIG_HOME/imago/config.yaml`, by default `~/.config/imago/config.yaml`. */
export const configPath = (environment: Environment): string => {
  const paths = getPathModule(environment)
  const base = readVariable(environment, 'XDG_CONFIG_HOME')
  return paths.join(
    base !== null && paths.isAbsolute(base) ? base : paths.join(environment.home, '.config'),
    'imago',
    'config.yaml',
  )
}
