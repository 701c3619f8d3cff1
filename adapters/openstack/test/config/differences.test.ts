import { describe, expect, test } from '@jest/globals'
import type { MemoryEnvironment } from '@imago/testkit'
import { discoverIn, lab, namesOf, WHOLE, whatOf } from './entries.ts'

// Where imago does otherwise than openstacksdk 0.101 on purpose. What it does alike is in openstacksdk.test.ts.
const find = (body: string, rest: MemoryEnvironment = {}) =>
  discoverIn({ files: { '/cwd/clouds.yaml': lab(body) }, ...rest })
const first = (body: string) => find(body).clouds[0]

describe('as the openstacksdk of today', () => {
  // loader.py of openstacksdk 4, _fix_backwards_auth: "Prefer values NOT from the 'auth' section" (story 2010784). 0.101 has it the other way.
  test('a project outside auth wins over one inside', () => {
    expect(first(`project_id: out\n${WHOLE}`)?.settings.auth).toMatchObject({ scope: { project: { id: 'out' } } })
  })

  // _load_yaml_json_file of openstacksdk 4; 0.101 raises.
  test('a file that cannot be parsed is passed over, and reported by place', () => {
    const files = { '/cwd/clouds.yaml': 'clouds:\n  a: {b\n', '/home/me/.config/openstack/clouds.yaml': lab(WHOLE) }
    const found = discoverIn({ files })
    expect(namesOf(found)).toEqual(['lab'])
    expect(whatOf(found)).toEqual(['-: cannot read clouds.yaml: it is not YAML: line 3, column 1'])
  })
})

describe('more lenient', () => {
  // In the SDK, its own default of auth_type hides auth_plugin; and `auth-type`, which is renamed too late.
  test.each(['auth_plugin: v3token', 'auth-type: token', 'auth_type: token'])('%s is heeded', (line) => {
    expect(first(`${line}\nauth: {auth_url: 'https://k', token: t}`)?.settings.auth).toMatchObject({ type: 'token' })
  })

  test('auth_type wins over auth_plugin', () => {
    expect(first(`auth_plugin: token\nauth_type: password\n${WHOLE}`)?.settings.auth).toMatchObject({
      type: 'password',
    })
  })

  test('spaces after the commas of region_name', () => {
    expect(find(`region_name: 'A, B'\n${WHOLE}`).clouds.map(({ region }) => region)).toEqual(['A', 'B'])
  })

  test('a date without quotes is text', () => {
    expect(
      first(`auth: {auth_url: 'https://k', username: u, password: 2026-11-22, project_id: x}`)?.settings.auth,
    ).toMatchObject({ type: 'password' })
  })

  test.each<[string, boolean]>([
    ['verify: "False"', false],
    ['verify: "true"', true],
  ])('%s', (line, verify) => {
    expect(first(`${line}\n${WHOLE}`)?.tls).toMatchObject({ verify, caFile: null })
  })

  test('a path in verify is a file of certificates', () => {
    expect(first(`verify: ca.pem\n${WHOLE}`)?.tls).toEqual({
      verify: true,
      caFile: '/cwd/ca.pem',
      certFile: null,
      keyFile: null,
    })
  })

  test.each([`api_timeout: '30'`, 'api_timeout: 30.0'])('%s is 30 seconds', (line) => {
    expect(first(`${line}\n${WHOLE}`)?.timeoutMs).toBe(30_000)
  })
})

describe('stricter', () => {
  test.each<[string, string, string]>([
    ['a timeout', 'api_timeout: soon', 'lab: its api_timeout is not a number of seconds'],
    ['a count', 'image_status_code_retries: many', 'lab: image_status_code_retries is not a whole number'],
    ['an override', 'image_endpoint_override: glance', 'lab: image_endpoint_override is not a URL'],
    ['a boolean for text', 'image_service_name: yes', 'lab: image_service_name is not text, but yes or no'],
  ])('%s that is none is reported', (_, line, what) => {
    const found = find(`${line}\n${WHOLE}`)
    expect(whatOf(found)).toEqual([what])
    expect(found.clouds).toEqual([])
  })

  // Python would fill in {auth[password]}.
  test.each(['{password}', '{auth[password]}', '{auth.password}', '{token}'])(
    '%s does not become part of an address',
    (hole) => {
      const found = find(
        `password: hunter2\ntoken: t\nauth: {auth_url: 'https://k/${hole}', username: u, project_id: x}`,
      )
      expect(whatOf(found)).toEqual(['lab: auth_url has something between braces that cannot be filled in'])
    },
  )

  test.each(['insecure: 1', 'insecure: "yes"', 'insecure: "on"'])('%s does not switch off a check', (line) => {
    expect(first(`${line}\n${WHOLE}`)?.tls?.verify).toBe(true)
  })

  test('an entry with the name of the environment’s cloud', () => {
    const found = discoverIn({
      files: { '/cwd/clouds.yaml': lab(WHOLE) + lab(WHOLE, 'envvars').replace('clouds:\n', '') },
    })
    expect(namesOf(found)).toEqual(['lab'])
    expect(whatOf(found)).toEqual([
      'envvars: an entry of clouds.yaml has the name of the cloud that the environment describes',
    ])
  })
})

describe('one broken entry never costs the others', () => {
  test('an entry', () => {
    const found = discoverIn({
      files: { '/cwd/clouds.yaml': `clouds:\n  a: {auth: {}}\n  b:\n  c: [1]\n  lab: {${WHOLE}}\n` },
    })
    expect(namesOf(found)).toEqual(['lab'])
    expect(found.problems.map(({ cloud }) => cloud)).toEqual(['b', 'c', 'a'])
  })

  test('a region', () => {
    const found = find(`regions: [{name: A, values: {image_endpoint_override: x}}, B]\n${WHOLE}`)
    expect(found.clouds.map(({ region }) => region)).toEqual(['B'])
    expect(whatOf(found)).toEqual(['lab: in region A, image_endpoint_override is not a URL'])
  })

  test.each<[string, string]>([
    ['no mapping', '- a\n'],
    ['a text', 'hello\n'],
    [
      'aliases that stand for a thousand times more',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nclouds: {x: [*c,*c,*c,*c,*c]}\n`,
    ],
    ['two documents', 'clouds: {}\n---\nclouds: {}\n'],
    ['nested deeper than the stack goes', '['.repeat(20_000)],
  ])('a file with %s', (_, text) => {
    const found = discoverIn({ files: { '/cwd/clouds.yaml': text, '/etc/openstack/clouds.yaml': lab(WHOLE) } })
    expect(namesOf(found)).toEqual(['lab'])
    expect(found.problems).toHaveLength(1)
  })
})
