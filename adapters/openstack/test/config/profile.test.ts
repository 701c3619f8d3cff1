import { describe, expect, it } from '@jest/globals'
import { discoverIn, lab, WHOLE, listMessages } from './entries.ts'

const find = (body: string, profile = '') =>
  discoverIn({
    files: {
      '/cwd/clouds.yaml': lab(body),
      ...(profile === '' ? {} : { '/cwd/clouds-public.yaml': `public-clouds:\n  px: ${profile}\n` }),
    },
  })
const USER = 'auth: {username: u, password: p, project_id: x}'

describe('missing profile', () => {
  it.each([
    ['profile: ovh', 'lab: profile not found: ovh, which only openstacksdk includes'],
    ['cloud: rackspace', 'lab: profile not found: rackspace, which only openstacksdk includes'],
    ['profile: https://cloud.example', 'lab: profiles from a URL are not supported'],
    ['profile: mine', 'lab: profile not found in clouds-public.yaml: mine'],
  ])('is an error: %s', (line, what) => {
    const found = find(`${line}\n${USER}`)
    expect(found.clouds).toEqual([])
    expect(listMessages(found)).toEqual([what])
    expect(found.problems[0]?.hint).toContain('Add auth_url and regions to the entry')
  })

  it('is a warning for an entry with its own auth_url', () => {
    const found = find(`profile: ovh\n${WHOLE}`)
    expect(found.clouds).toHaveLength(1)
    expect(found.warnings.map(({ what }) => what)).toEqual(['profile not found: ovh, which only openstacksdk includes'])
  })
})

// loader.py, _expand_vendor_profile, which checks only bundled profiles.
describe('profile status', () => {
  it('deprecated is a warning', () => {
    const found = find(`profile: px\n${USER}`, `{auth: {auth_url: 'https://k'}, status: deprecated, message: use py}`)
    expect(found.clouds).toHaveLength(1)
    expect(found.warnings.map(({ what }) => what)).toEqual(['profile px is deprecated: use py'])
  })

  it('shut down is an error', () => {
    expect(listMessages(find(`profile: px\n${USER}`, `{auth: {auth_url: 'https://k'}, status: shutdown}`))).toEqual([
      'lab: the cloud of profile px was shut down',
    ])
  })
})

describe('profiles of clouds.yaml', () => {
  it('lists the profile’s file as an origin', () => {
    const [cloud] = find(`profile: px\n${USER}`, `{auth: {auth_url: 'https://k'}}`).clouds
    expect(cloud?.origin).toEqual([{ file: '/cwd/clouds.yaml' }, { file: '/cwd/clouds-public.yaml' }])
  })
})
