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

/** `platformdirs.site_config_dir`. openstacksdk treats XDG_CONFIG_DIRS as one path; here each directory in the list is searched. */
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

/** Directories searched after the working directory, in order (`loader.py`, `CONFIG_SEARCH_PATH`). */
export const searchPath = (environment: Environment): readonly string[] => {
  const paths = getPathModule(environment)
  // A snap has its own home directory.
  const home = readVariable(environment, 'SNAP_REAL_HOME') ?? environment.home
  const all = [
    userDirectory(environment),
    paths.join(home, '.config', 'openstack'),
    ...siteDirectories(environment),
    '/etc/openstack',
  ]
  return [...new Set(all.filter((directory) => directory !== null))]
}
