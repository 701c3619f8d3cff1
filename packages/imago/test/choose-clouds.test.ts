import { describe, expect, it } from '@jest/globals'
import { formatError } from '@imago/core'
import { formatCloud, toIdentity } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { createMemoryEnvironment } from '@imago/testkit'
import { chooseClouds } from '../src/choose-clouds.ts'
import { discoverClouds } from '../src/discover-clouds.ts'
import { providers } from '../src/providers.ts'

const WHOLE = `auth: {auth_url: 'https://k/v3', username: u, password: p, project_id: x, user_domain_id: default}`

const discovered = (files: Readonly<Record<string, string>>) =>
  discoverClouds(providers, createMemoryEnvironment({ files }))

const everything = discovered({
  '/home/me/.config/hcloud/cli.toml': ['prod', 'both', 'odd@name', 'openstack/x', 'shy']
    .map((name) => `[[contexts]]\nname = "${name}"\ntoken = "${name === 'shy' ? '' : 't'}"\n`)
    .join(''),
  '/cwd/clouds.yaml': `clouds:\n  lab: {${WHOLE}, regions: [R1, R2]}\n  both: {${WHOLE}}\n  free: {${WHOLE}}\n  broken: {}\n  x: {${WHOLE}}\n`,
})

const chosen = async (text: string) => {
  const clouds = chooseClouds(await everything, providers, text)
  return E.isLeft(clouds)
    ? [clouds.left._tag, formatError(clouds.left)]
    : clouds.right.map((cloud) => formatCloud(toIdentity(cloud)))
}

describe('chooseClouds', () => {
  it.each<[string, unknown]>([
    ['prod', ['hetzner/prod']],
    ['hetzner/prod', ['hetzner/prod']],
    ['lab', ['openstack/lab@R1', 'openstack/lab@R2']],
    ['lab@R2', ['openstack/lab@R2']],
    ['openstack/lab@R1', ['openstack/lab@R1']],
    ['hetzner/both', ['hetzner/both']],
    ['openstack/both', ['openstack/both']],
    // A cloud without a configured region may be in any region of its catalog.
    ['free@RegionOne', ['openstack/free@RegionOne']],
    // The most literal reading comes first.
    ['odd@name', ['hetzner/odd@name']],
    ['openstack/x', ['hetzner/openstack/x']],
  ])('returns the clouds of %s', async (text, clouds) => {
    expect(await chosen(text)).toEqual(clouds)
  })

  it.each([
    [
      'both',
      'Ambiguous',
      'imago: both is a cloud of several providers: hetzner/both, openstack/both. Use one of these names',
    ],
    ['lab@r1', 'NotFound', 'openstack/lab: region not found: r1. Configured regions: R1, R2 (case-sensitive)'],
    [
      'prod@fsn1',
      'NotFound',
      'hetzner/prod: region not found: fsn1. Omit @fsn1: clouds of Hetzner Cloud have no regions',
    ],
    [
      'broken',
      'ConfigInvalid',
      'openstack/broken: configuration: missing auth_url, username, password. Set them in clouds.yaml or secure.yaml, or as OS_* variables',
    ],
    ['shy', 'ConfigInvalid', 'hetzner/shy: configuration: the context has no token. Run hcloud context create again'],
    [
      'hetzner/lab',
      'NotFound',
      'imago: cloud not found: hetzner/lab. Configured clouds: prod, both, odd@name, openstack/x, lab, free, x',
    ],
    ['', 'NotFound', 'imago: cloud not found: "". Configured clouds: prod, both, odd@name, openstack/x, lab, free, x'],
  ])('refuses %s', async (text, tag, message) => {
    expect(await chosen(text)).toEqual([tag, message])
  })

  it('passes a region that the configuration does not name to every service', async () => {
    const clouds = chooseClouds(await everything, providers, 'free@RegionOne')
    expect(clouds).toMatchObject(
      E.right([
        {
          settings: {
            services: {
              identity: { regionName: 'RegionOne' },
              image: { regionName: 'RegionOne' },
              compute: { regionName: 'RegionOne' },
            },
          },
        },
      ]),
    )
  })
})

describe('chooseClouds without clouds', () => {
  it('advises to configure one', async () => {
    const chosen = chooseClouds(await discovered({}), providers, 'prod')
    expect(chosen).toMatchObject(
      E.left({ hint: expect.stringMatching(/^Configure a cloud first \(checked: .*HCLOUD_TOKEN.*clouds\.yaml/) }),
    )
  })
})

describe('chooseClouds with an unreadable file', () => {
  const broken = discovered({
    '/home/me/.config/hcloud/cli.toml': '[[contexts]]\nname = "prod"\ntoken = "t"\n',
    '/cwd/clouds.yaml': 'clouds:\n  demo:\n    auth: {auth_url: "x\n',
  })
  const choose = async (text: string): Promise<string | undefined> => {
    const clouds = chooseClouds(await broken, providers, text)
    return E.isLeft(clouds) ? `${clouds.left._tag}: ${clouds.left.what}` : clouds.right[0]?.name
  }

  it('reports the unreadable file that may contain the cloud, with the line', async () => {
    expect(await choose('demo')).toMatch(
      /^ConfigInvalid: cloud not found: demo; the configuration could not be read completely: cannot read clouds\.yaml: invalid YAML: line \d+, column \d+$/,
    )
  })

  it('is NotFound in a provider whose files are readable', async () =>
    expect(await choose('hetzner/demo')).toBe('NotFound: cloud not found: hetzner/demo'))

  it('does not affect clouds of other files', async () => expect(await choose('prod')).toBe('prod'))
})
