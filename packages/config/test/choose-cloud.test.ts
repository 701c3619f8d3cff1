import { describe, expect, test } from '@jest/globals'
import { messageOf } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chooseCloud, findClouds } from '../src/index.ts'
import { lab, WHOLE } from './openstack/entries.ts'
import { scene } from './surroundings.ts'

const found = findClouds(
  scene({
    files: {
      '/home/me/.config/hcloud/cli.toml': ['prod', 'both', 'odd@name', 'openstack/x', 'shy'].map((name) => `[[contexts]]\nname = "${name}"\ntoken = "${name === 'shy' ? '' : 't'}"\n`).join(''),
      '/cwd/clouds.yaml': `${lab(`${WHOLE}\nregions: [R1, R2]`)}  both: {${WHOLE}}\n  free: {${WHOLE}}\n  broken: {}\n  x: {${WHOLE}}\n`,
    },
  }),
)

const chosen = (text: string) => {
  const cloud = chooseCloud(found, text)
  return E.isLeft(cloud) ? [cloud.left._tag, messageOf(cloud.left)] : [cloud.right.provider, cloud.right.name, cloud.right.regions.map(({ name }) => name)]
}

describe('chooseCloud', () => {
  test.each<[string, unknown]>([
    ['prod', ['hetzner', 'prod', []]],
    ['hetzner/prod', ['hetzner', 'prod', []]],
    ['lab', ['openstack', 'lab', ['R1', 'R2']]],
    ['lab@R2', ['openstack', 'lab', ['R2']]],
    ['openstack/lab@R1', ['openstack', 'lab', ['R1']]],
    ['hetzner/both', ['hetzner', 'both', []]],
    ['openstack/both', ['openstack', 'both', [null]]],
    // A cloud that names no region has whichever its catalog has.
    ['free@RegionOne', ['openstack', 'free', ['RegionOne']]],
    // The most literal reading first.
    ['odd@name', ['hetzner', 'odd@name', []]],
    ['openstack/x', ['hetzner', 'openstack/x', []]],
  ])('%s', (text, cloud) => {
    expect(chosen(text)).toEqual(cloud)
  })

  test.each([
    ['both', 'Ambiguous', 'imago: configuration: both is a cloud of several providers: hetzner/both, openstack/both. Name it with its provider, as here.'],
    ['lab@r1', 'ConfigInvalid', 'openstack/lab: configuration: there is no region r1. There are: R1, R2 (case matters).'],
    ['prod@fsn1', 'ConfigInvalid', 'hetzner/prod: configuration: a project at Hetzner Cloud has no regions. Leave out @fsn1.'],
    ['broken', 'ConfigInvalid', 'openstack/broken: configuration: it has no auth_url; and it names no user; and it has no password. Set auth.auth_url to the address of Keystone.'],
    ['shy', 'ConfigInvalid', 'hetzner/shy: configuration: there is no token for it. Run hcloud context create again.'],
    ['hetzner/lab', 'NotFound', 'imago: configuration: there is no cloud hetzner/lab. There are: prod, both, odd@name, openstack/x, lab, both, free, x.'],
    ['', 'NotFound', 'imago: configuration: there is no cloud. There are: prod, both, odd@name, openstack/x, lab, both, free, x.'],
  ])('%s is refused', (text, tag, message) => {
    expect(chosen(text)).toEqual([tag, message])
  })

  test('a region that the configuration does not name is asked of every service', () => {
    const cloud = chooseCloud(found, 'free@RegionOne')
    expect(E.isRight(cloud) && cloud.right.provider === 'openstack' ? cloud.right.regions[0]?.services.image.regionName : null).toBe('RegionOne')
  })
})

describe('a name that no file has', () => {
  const broken = findClouds(scene({ files: { '/home/me/.config/hcloud/cli.toml': '[[contexts]]\nname = "prod"\ntoken = "t"\n', '/cwd/clouds.yaml': 'clouds:\n  demo:\n    auth: {auth_url: "x\n' } }))
  const told = (text: string): string => {
    const cloud = chooseCloud(broken, text)
    return E.isLeft(cloud) ? `${cloud.left._tag}: ${cloud.left.what}` : cloud.right.name
  }

  test('may be in the one that cannot be read, which is named with the line', () => {
    expect(told('demo')).toMatch(/^ConfigInvalid: cloud not found: demo, and a configuration file could not be read: cannot read clouds\.yaml: it is not YAML: line \d+, column \d+$/)
  })

  test('is not in another provider’s file', () => expect(told('hetzner/demo')).toBe('NotFound: there is no cloud hetzner/demo'))

  test('costs the clouds of other files nothing', () => expect(told('prod')).toBe('prod'))
})
