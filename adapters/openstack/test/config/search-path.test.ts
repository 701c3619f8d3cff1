import { describe, expect, it } from '@jest/globals'
import { searchPath } from '../../src/config/search-path.ts'
import { createMemoryEnvironment, type MemoryEnvironment } from '@imago/testkit'
import { discoverIn, lab, listNames, WHOLE } from './entries.ts'

// platformdirs, and loader.py, CONFIG_SEARCH_PATH.
it.each<[string, MemoryEnvironment, readonly string[]]>([
  ['Linux', {}, ['/home/me/.config/openstack', '/etc/xdg/openstack', '/etc/openstack']],
  [
    'Linux with XDG',
    { variables: { XDG_CONFIG_HOME: '/x', XDG_CONFIG_DIRS: '/a:/b' } },
    ['/x/openstack', '/home/me/.config/openstack', '/a/openstack', '/b/openstack', '/etc/openstack'],
  ],
  [
    'a snap',
    { home: '/home/me/snap/openstackclients/1', variables: { SNAP_REAL_HOME: '/home/me' } },
    [
      '/home/me/snap/openstackclients/1/.config/openstack',
      '/home/me/.config/openstack',
      '/etc/xdg/openstack',
      '/etc/openstack',
    ],
  ],
  [
    'macOS',
    { platform: 'darwin', home: '/Users/me' },
    [
      '/Users/me/Library/Application Support/openstack',
      '/Users/me/.config/openstack',
      '/Library/Application Support/openstack',
      '/etc/openstack',
    ],
  ],
  [
    'Windows',
    {
      platform: 'win32',
      home: 'C:\\me',
      workingDirectory: 'C:\\w',
      variables: { LOCALAPPDATA: 'C:\\me\\Local', PROGRAMDATA: 'C:\\ProgramData' },
    },
    [
      'C:\\me\\Local\\OpenStack\\openstack',
      'C:\\me\\.config\\openstack',
      'C:\\ProgramData\\OpenStack\\openstack',
      '/etc/openstack',
    ],
  ],
])('%s', (_, where, directories) => {
  expect(searchPath(createMemoryEnvironment(where))).toEqual(directories)
})

describe('findConfigFile', () => {
  const at = (path: string): string => lab(WHOLE, path.replaceAll(/\W/g, '_'))
  const order = [
    '/cwd/clouds.yaml',
    '/cwd/clouds.yml',
    '/cwd/clouds.json',
    '/home/me/.config/openstack/clouds.yaml',
    '/home/me/.config/openstack/clouds.json',
    '/etc/xdg/openstack/clouds.yml',
    '/etc/openstack/clouds.yaml',
  ]
  const text = (path: string): string =>
    path.endsWith('json')
      ? `{"clouds": {"${path.replaceAll(/\W/g, '_')}": {"auth": {"auth_url": "https://k", "username": "u", "password": 1, "project_id": "x"}}}}`
      : at(path)

  it.each(order.map((path, index) => [path, order.slice(index)] as const))('finds %s', (path, there) => {
    expect(listNames(discoverIn({ files: Object.fromEntries(there.map((one) => [one, text(one)])) }))).toEqual([
      path.replaceAll(/\W/g, '_'),
    ])
  })

  it('skips an unreadable file with a warning', () => {
    const found = discoverIn({ files: { '/etc/openstack/clouds.yaml': lab(WHOLE) }, locked: ['/cwd/clouds.yaml'] })
    expect(listNames(found)).toEqual(['lab'])
    expect(found.warnings.map(({ what }) => what)).toEqual(['cannot read clouds.yaml: permission denied'])
  })

  it('warns about a missing OS_CLIENT_CONFIG_FILE and searches the others', () => {
    const found = discoverIn({
      files: { '/cwd/clouds.yaml': lab(WHOLE) },
      variables: { OS_CLIENT_CONFIG_FILE: '/nope.yaml' },
    })
    expect(listNames(found)).toEqual(['lab'])
    expect(found.warnings.map(({ what }) => what)).toEqual([
      'file not found: /nope.yaml, named by OS_CLIENT_CONFIG_FILE',
    ])
  })

  it('warns about a file with secrets that others can read', () => {
    const open = { open: ['/cwd/clouds.yaml'] }
    expect(
      discoverIn({ files: { '/cwd/clouds.yaml': lab(WHOLE) }, ...open }).warnings.map(({ what, hint }) => [what, hint]),
    ).toEqual([['clouds.yaml contains secrets, and other users can read it', 'Run chmod 600 clouds.yaml']])
    expect(
      discoverIn({ files: { '/cwd/clouds.yaml': lab(`auth: {auth_url: 'https://k'}`) }, ...open }).warnings,
    ).toEqual([])
  })

  it('warns about a file without clouds', () => {
    expect(discoverIn({ files: { '/cwd/clouds.yaml': 'cloud: {}\n' } }).warnings.map(({ what }) => what)).toEqual([
      'clouds.yaml has no mapping called clouds',
    ])
  })
})
