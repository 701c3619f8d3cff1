import { describe, expect, test } from '@jest/globals'
import { discoverIn, lab, WHOLE, whatOf } from './entries.ts'

const find = (body: string, profile = '') =>
  discoverIn({
    files: {
      '/cwd/clouds.yaml': lab(body),
      ...(profile === '' ? {} : { '/cwd/clouds-public.yaml': `public-clouds:\n  px: ${profile}\n` }),
    },
  })
const USER = 'auth: {username: u, password: p, project_id: x}'

describe('a profile that is not there', () => {
  test.each([
    ['profile: ovh', 'lab: its profile ovh is one that openstacksdk brings, and imago does not'],
    ['cloud: rackspace', 'lab: its profile rackspace is one that openstacksdk brings, and imago does not'],
    ['profile: https://cloud.example', 'lab: its profile is a URL, and imago fetches no profiles'],
    ['profile: mine', 'lab: its profile mine is in no clouds-public.yaml'],
  ])('%s', (line, what) => {
    const found = find(`${line}\n${USER}`)
    expect(found.clouds).toEqual([])
    expect(whatOf(found)).toEqual([what])
    expect(found.problems[0]?.hint).toContain('Write auth_url and regions into the entry')
  })

  test('is no matter to an entry with an address of its own, but worth a word', () => {
    const found = find(`profile: ovh\n${WHOLE}`)
    expect(found.clouds).toHaveLength(1)
    expect(found.warnings.map(({ what }) => what)).toEqual([
      'its profile ovh is one that openstacksdk brings, and imago does not',
    ])
  })
})

// loader.py, _expand_vendor_profile: of bundled profiles there; here of all.
describe('the state of a profile', () => {
  test('deprecated: a word', () => {
    const found = find(`profile: px\n${USER}`, `{auth: {auth_url: 'https://k'}, status: deprecated, message: use py}`)
    expect(found.clouds).toHaveLength(1)
    expect(found.warnings.map(({ what }) => what)).toEqual(['its profile px is deprecated, and says: use py'])
  })

  test('shut down: an error', () => {
    expect(whatOf(find(`profile: px\n${USER}`, `{auth: {auth_url: 'https://k'}, status: shutdown}`))).toEqual([
      'lab: its profile px is of a cloud that is shut down',
    ])
  })
})

test('where a cloud came from names the profile’s file', () => {
  const [cloud] = find(`profile: px\n${USER}`, `{auth: {auth_url: 'https://k'}}`).clouds
  expect(cloud?.origin).toEqual([{ file: '/cwd/clouds.yaml' }, { file: '/cwd/clouds-public.yaml' }])
})
