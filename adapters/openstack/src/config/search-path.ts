import { getPathModule, readVariable, type Environment } from '@imago/provider-kit'

/** `platformdirs.user_config_dir('openstack', 'OpenStack')`. */
const userDirectory = (environment: Environment): string | null => {
  const paths = getPathModule(environment)
  switch (environment.platform) {
    case 'win32': {
      const local = readVariable(environment, 'LOCALAPPDATA')
      return local === null ? null : paths.join(local, 'OpenStack', 'openstack')
    }
    case 'darwin':
      return paths.join(environment.home, 'Library', 'Application Support', 'openstack')
    default:
      return paths.join(
        readVariable(environment, 'XDG_CONFIG_HOME') ?? paths.join(environment.home, '.config'),
        'openstack',
      )
  }
}

/** `platformdirs.site_config_dir`. openstacksdk takes several XDG_CONFIG_DIRS for one directory of that odd name; here each counts. */
const siteDirectories = (environment: Environment): readonly string[] => {
  const paths = getPathModule(environment)
  switch (environment.platform) {
    case 'win32': {
      const common = readVariable(environment, 'PROGRAMDATA')
      return common === null ? [] : [paths.join(common, 'OpenStack', 'openstack')]
    }
    case 'darwin':
      return [paths.join('/Library', 'Application Support', 'openstack')]
    default:
      return (readVariable(environment, 'XDG_CONFIG_DIRS') ?? '/etc/xdg')
        .split(':')
        .filter((directory) => directory !== '')
        .map((directory) => paths.join(directory, 'openstack'))
  }
}

/** The directories besides the working directory, in the order in which they are searched (`loader.py`, `CONFIG_SEARCH_PATH`). */
export const searchPath = (environment: Environment): readonly string[] => {
  const paths = getPathModule(environment)
  // A snap has a home directory of its own.
  const home = readVariable(environment, 'SNAP_REAL_HOME') ?? environment.home
  const all = [
    userDirectory(environment),
    paths.join(home, '.config', 'openstack'),
    ...siteDirectories(environment),
    '/etc/openstack',
  ]
  return [...new Set(all.filter((directory) => directory !== null))]
}
