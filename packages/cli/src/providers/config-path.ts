import { getPathModule, readVariable, type Environment } from '@imago/provider-kit'

/** Where the configuration file of a user is: `$XDG_CONFIG_HOME/imago/config.yaml`, else `~/.config/imago/config.yaml`. */
export const configPath = (environment: Environment): string => {
  const paths = getPathModule(environment)
  const base = readVariable(environment, 'XDG_CONFIG_HOME')
  return paths.join(
    base !== null && paths.isAbsolute(base) ? base : paths.join(environment.home, '.config'),
    'imago',
    'config.yaml',
  )
}
