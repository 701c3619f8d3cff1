import { describe, expect, it } from '@jest/globals'
import type { MemoryEnvironment } from '@imago/testkit'
import { discoverIn, lab, listNames, WHOLE, listMessages } from './entries.ts'

// Intended differences from openstacksdk 0.101; openstacksdk.test.ts covers equal behaviour.
const find = (body: string, rest: MemoryEnvironment = {}) =>
  discoverIn({ files: { '/cwd/clouds.yaml': lab(body) }, ...rest })
const first = (body: string) => find(body).clouds[0]

describe('like openstacksdk 4', () => {
  // loader.py of openstacksdk 4, _fix_backwards_auth: "Prefer values NOT from the 'auth' section" (story 2010784). In 0.101, `auth` takes precedence.
  it('prefers a project outside of auth', () => {
    expect(first(`project_id: out\n${WHOLE}`)?.settings.auth).toMatchObject({ scope: { project: { id: 'out' } } })
  })

  // _load_yaml_json_file of openstacksdk 4; 0.101 raises.
  it('skips an invalid file and reports the position', () => {
    const files = { '/cwd/clouds.yaml': 'clouds:\n  a: {b\n', '/home/me/.config/openstack/clouds.yaml': lab(WHOLE) }
    const found = discoverIn({ files })
    expect(listNames(found)).toEqual(['lab'])
    expect(listMessages(found)).toEqual(['-: cannot read clouds.yaml: invalid YAML: line 3, column 1'])
  })
})

describe('more lenient than openstacksdk', () => {
  // In openstacksdk, the default of auth_type hides auth_plugin, and `auth-type`, which is renamed too late.
  it.each(['auth_plugin: v3token', 'auth-type: token', 'auth_type: token'])('reads %s', (line) => {
    expect(first(`${line}\nauth: {auth_url: 'https://k', token: t}`)?.settings.auth).toMatchObject({ type: 'token' })
  })

  it('prefers auth_type to auth_plugin', () => {
    expect(first(`auth_plugin: token\nauth_type: password\n${WHOLE}`)?.settings.auth).toMatchObject({
      type: 'password',
    })
  })

  it('ignores spaces after the commas of region_name', () => {
    expect(find(`region_name: 'A, B'\n${WHOLE}`).clouds.map(({ region }) => region)).toEqual(['A', 'B'])
  })

  it('reads an unquoted date as text', () => {
    expect(
      first(`auth: {auth_url: 'https://k', username: u, password: 2026-11-22, project_id: x}`)?.settings.auth,
    ).toMatchObject({ type: 'password' })
  })

  it.each<[string, boolean]>([
    ['verify: "False"', false],
    ['verify: "true"', true],
  ])('reads %s', (line, verify) => {
    expect(first(`${line}\n${WHOLE}`)?.tls).toMatchObject({ verify, caFile: null })
  })

  it('reads a path in verify as a CA bundle', () => {
    expect(first(`verify: ca.pem\n${WHOLE}`)?.tls).toEqual({
      verify: true,
      caFile: '/cwd/ca.pem',
      certFile: null,
      keyFile: null,
    })
  })

  it.each([`api_timeout: '30'`, 'api_timeout: 30.0'])('reads %s as 30 seconds', (line) => {
    expect(first(`${line}\n${WHOLE}`)?.timeoutMs).toBe(30_000)
  })
})

describe('stricter than openstacksdk', () => {
  it.each<[string, string, string]>([
    ['a timeout', 'api_timeout: soon', 'lab: api_timeout is not a number of seconds'],
    ['a count', 'image_status_code_retries: many', 'lab: image_status_code_retries is not a whole number'],
    ['an override', 'image_endpoint_override: glance', 'lab: image_endpoint_override is not a URL'],
    [
      'text that YAML reads as a boolean',
      'image_service_name: yes',
      'lab: image_service_name is not text, but a boolean',
    ],
  ])('reports an invalid %s', (_, line, what) => {
    const found = find(`${line}\n${WHOLE}`)
    expect(listMessages(found)).toEqual([what])
    expect(found.clouds).toEqual([])
  })

  // Python would fill in {auth[password]}.
  it.each(['{password}', '{auth[password]}', '{auth.password}', '{token}'])(
    'does not fill in %s in an address',
    (hole) => {
      const found = find(
        `password: hunter2\ntoken: t\nauth: {auth_url: 'https://k/${hole}', username: u, project_id: x}`,
      )
      expect(listMessages(found)).toEqual(['lab: auth_url has an unknown placeholder in braces'])
    },
  )

  it.each(['insecure: 1', 'insecure: "yes"', 'insecure: "on"'])('keeps certificate checks enabled for %s', (line) => {
    expect(first(`${line}\n${WHOLE}`)?.tls?.verify).toBe(true)
  })

  it('reports an entry with the name of the environment’s cloud', () => {
    const found = discoverIn({
      files: { '/cwd/clouds.yaml': lab(WHOLE) + lab(WHOLE, 'envvars').replace('clouds:\n', '') },
    })
    expect(listNames(found)).toEqual(['lab'])
    expect(listMessages(found)).toEqual([
      'envvars: an entry of clouds.yaml has the same name as the cloud of the OS_* variables',
    ])
  })
})

describe('invalid entry', () => {
  it('does not affect other entries', () => {
    const found = discoverIn({
      files: { '/cwd/clouds.yaml': `clouds:\n  a: {auth: {}}\n  b:\n  c: [1]\n  lab: {${WHOLE}}\n` },
    })
    expect(listNames(found)).toEqual(['lab'])
    expect(found.problems.map(({ cloud }) => cloud)).toEqual(['b', 'c', 'a'])
  })

  it('does not affect other regions', () => {
    const found = find(`regions: [{name: A, values: {image_endpoint_override: x}}, B]\n${WHOLE}`)
    expect(found.clouds.map(({ region }) => region)).toEqual(['B'])
    expect(listMessages(found)).toEqual(['lab: in region A, image_endpoint_override is not a URL'])
  })

  it.each<[string, string]>([
    ['a list', '- a\n'],
    ['text', 'hello\n'],
    [
      'aliases that expand a thousandfold',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nclouds: {x: [*c,*c,*c,*c,*c]}\n`,
    ],
    ['two documents', 'clouds: {}\n---\nclouds: {}\n'],
    ['nesting that overflows the stack', '['.repeat(20_000)],
  ])('does not affect other entries in a file with %s', (_, text) => {
    const found = discoverIn({ files: { '/cwd/clouds.yaml': text, '/etc/openstack/clouds.yaml': lab(WHOLE) } })
    expect(listNames(found)).toEqual(['lab'])
    expect(found.problems).toHaveLength(1)
  })
})
