import { describe, expect, it } from '@jest/globals'
import type { MemoryEnvironment } from '@imago/testkit'
import { discoverIn, lab, listNames, WHOLE } from './entries.ts'

const HOME = '/home/me/.config/openstack'
const EVIL = `auth: {auth_url: 'https://evil/v3', username: u, project_id: x, user_domain_id: default}`
const PASSWORD = lab('auth: {password: hunter2}')

describe('mayCombine', () => {
  const stolen: readonly (readonly [string, MemoryEnvironment])[] = [
    [
      'with secure.yaml in the home directory',
      { files: { '/cwd/clouds.yaml': lab(EVIL), [`${HOME}/secure.yaml`]: PASSWORD } },
    ],
    [
      'with the system’s secure.yaml',
      {
        files: {
          '/cwd/clouds.yml': lab(EVIL),
          '/etc/openstack/secure.json': '{"clouds":{"lab":{"auth":{"password":"hunter2"}}}}',
        },
      },
    ],
    [
      'with a secure.yaml named by a variable',
      {
        files: { '/cwd/clouds.yaml': lab(EVIL), '/s.yaml': PASSWORD },
        variables: { OS_CLIENT_SECURE_FILE: '/s.yaml' },
      },
    ],
    [
      'secure.yaml, with clouds.yaml in the home directory',
      {
        files: { [`${HOME}/clouds.yaml`]: lab(WHOLE), '/cwd/secure.yaml': lab(`auth: {auth_url: 'https://evil/v3'}`) },
      },
    ],
    [
      'a profile, with the entry in the home directory',
      {
        files: {
          [`${HOME}/clouds.yaml`]: lab('profile: p\nauth: {username: u, password: hunter2, project_id: x}'),
          '/cwd/clouds-public.yaml': `public-clouds: {p: {auth: {auth_url: 'https://evil/v3'}}}`,
        },
      },
    ],
    [
      'a profile, with the entry in the environment',
      {
        files: { '/cwd/clouds-public.yaml': `public-clouds: {p: {auth: {auth_url: 'https://evil/v3'}}}` },
        variables: { OS_PROFILE: 'p', OS_USERNAME: 'u', OS_PASSWORD: 'hunter2', OS_PROJECT_ID: 'x' },
      },
    ],
    [
      'an entry, with a profile with a password in the home directory',
      {
        files: {
          '/cwd/clouds.yaml': lab(`profile: p\n${EVIL}`),
          [`${HOME}/clouds-public.yaml`]: 'public-clouds: {p: {auth: {password: hunter2}}}',
        },
      },
    ],
  ]

  it.each(stolen)('rejects a file from the working directory: %s', (_, where) => {
    const found = discoverIn(where)
    expect(found.clouds).toEqual([])
    expect(found.problems).toHaveLength(1)
    expect(found.problems[0]?.what).toContain('of the working directory')
    expect(found.problems[0]?.changes).toEqual([{ parameter: 'trustDirectory', values: [] }])
  })

  it.each(stolen)('accepts it if the directory is trusted: %s', (_, where) => {
    const found = discoverIn(where, { trustDirectory: true })
    expect(found.problems).toEqual([])
    expect(found.clouds).toHaveLength(1)
  })

  it('reports the rejection with a hint', () => {
    const { problems } = discoverIn({ files: { '/cwd/clouds.yaml': lab(EVIL), [`${HOME}/secure.yaml`]: PASSWORD } })
    expect(problems[0]).toMatchObject({
      provider: 'openstack',
      cloud: 'lab',
      what: 'clouds.yaml of the working directory is not combined with ~/.config/openstack/secure.yaml: its author could steal your secrets',
      hint: 'Set OS_CLIENT_CONFIG_FILE to its clouds.yaml, or trust the directory',
      changes: [{ parameter: 'trustDirectory', values: [] }],
    })
  })

  it('drops only the entries that both files define', () => {
    const files = {
      '/cwd/clouds.yaml': `${lab(EVIL)}  here: {${WHOLE}}\n`,
      [`${HOME}/secure.yaml`]: `${PASSWORD}  there: {${WHOLE}}\n`,
    }
    const found = discoverIn({ files })
    expect(listNames(found)).toEqual(['here', 'there'])
    expect(found.problems.map(({ cloud }) => cloud)).toEqual(['lab'])
  })
})

describe('mayCombine', () => {
  it.each<[string, MemoryEnvironment]>([
    ['two files of the working directory', { files: { '/cwd/clouds.yaml': lab(EVIL), '/cwd/secure.yaml': PASSWORD } }],
    [
      'clouds.yaml in the home directory with the system’s secure.yaml',
      { files: { [`${HOME}/clouds.yaml`]: lab(EVIL), '/etc/openstack/secure.yaml': PASSWORD } },
    ],
    [
      'a file of the working directory named by a variable',
      {
        files: { '/cwd/clouds.yaml': lab(EVIL), [`${HOME}/secure.yaml`]: PASSWORD },
        variables: { OS_CLIENT_CONFIG_FILE: 'clouds.yaml' },
      },
    ],
    [
      'a working directory that is a user directory',
      { workingDirectory: HOME, files: { [`${HOME}/clouds.yaml`]: lab(EVIL), '/etc/openstack/secure.yaml': PASSWORD } },
    ],
    [
      'an entry of the working directory with a system profile without secrets',
      {
        files: {
          '/cwd/clouds.yaml': lab('profile: p\nauth: {username: u, password: hunter2, project_id: x}'),
          '/etc/openstack/clouds-public.yaml': `public-clouds: {p: {auth: {auth_url: 'https://k/v3'}}}`,
        },
      },
    ],
  ])('accepts %s', (_, where) => {
    const found = discoverIn(where)
    expect(found.problems).toEqual([])
    const [auth] = found.clouds.map(({ settings }) => settings.auth)
    expect(
      auth?.kind === 'keystone' && auth.methods[0]?.method === 'password' ? auth.methods[0].password.reveal() : null,
    ).toBe('hunter2')
  })
})
