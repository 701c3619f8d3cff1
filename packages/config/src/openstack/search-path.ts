import { pathsOf, variable, type Surroundings } from '../surroundings.ts'

/** `platformdirs.user_config_dir('openstack', 'OpenStack')`. */
const userDirectory = (surroundings: Surroundings): string | null => {
  const paths = pathsOf(surroundings)
  switch (surroundings.platform) {
    case 'win32': {
      const local = variable(surroundings, 'LOCALAPPDATA')
      return local === null ? null : paths.join(local, 'OpenStack', 'openstack')
    }
    case 'darwin':
      return paths.join(surroundings.home, 'Library', 'Application Support', 'openstack')
    default:
      return paths.join(variable(surroundings, 'XDG_CONFIG_HOME') ?? paths.join(surroundings.home, '.config'), 'openstack')
  }
}

/** `platformdirs.site_config_dir`. openstacksdk takes several XDG_CONFIG_DIRS for one directory of that odd name; here each counts. */
const siteDirectories = (surroundings: Surroundings): readonly string[] => {
  const paths = pathsOf(surroundings)
  switch (surroundings.platform) {
    case 'win32': {
      const common = variable(surroundings, 'PROGRAMDATA')
      return common === null ? [] : [paths.join(common, 'OpenStack', 'openstack')]
    }
    case 'darwin':
      return [paths.join('/Library', 'Application Support', 'openstack')]
    default:
      return (variable(surroundings, 'XDG_CONFIG_DIRS') ?? '/etc/xdg')
        .split(':')
        .filter((directory) => directory !== '')
        .map((directory) => paths.join(directory, 'openstack'))
  }
}

/** The directories besides the working directory, in the order in which they are searched (`loader.py`, `CONFIG_SEARCH_PATH`). */
export const searchPath = (surroundings: Surroundings): readonly string[] => {
  const paths = pathsOf(surroundings)
  // A snap has a home directory of its own.
  const home = variable(surroundings, 'SNAP_REAL_HOME') ?? surroundings.home
  const all = [userDirectory(surroundings), paths.join(home, '.config', 'openstack'), ...siteDirectories(surroundings), '/etc/openstack']
  return [...new Set(all.filter((directory) => directory !== null))]
}
