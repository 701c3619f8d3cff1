import { describe, expect, it } from '@jest/globals'
import { discoverIn, lab, listNames, WHOLE, listMessages } from './entries.ts'

const ENV = { OS_AUTH_URL: 'https://e/v3', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_ID: 'x' }
const find = (variables: Readonly<Record<string, string>>, text: string | null = lab(WHOLE)) =>
  discoverIn({ variables, files: text === null ? {} : { '/cwd/clouds.yaml': text } })
const findDefault = (found: ReturnType<typeof find>): string | null =>
  found.clouds.find(({ isDefault }) => isDefault)?.name ?? null

// loader.py, OpenStackConfig.__init__.
describe('default cloud', () => {
  const two = `${lab(WHOLE)}  other: {${WHOLE}}\n`

  it.each<[string, Readonly<Record<string, string>>, string, string | null]>([
    ['the only cloud', {}, lab(WHOLE), 'lab'],
    ['none of two clouds', {}, two, null],
    ['the cloud in OS_CLOUD', { OS_CLOUD: 'other' }, two, 'other'],
    ['the environment’s cloud', ENV, two, 'envvars'],
    ['the environment’s cloud, renamed', { ...ENV, OS_CLOUD_NAME: 'mine' }, two, 'mine'],
    ['OS_CLOUD before the environment’s cloud', { ...ENV, OS_CLOUD: 'lab' }, two, 'lab'],
    ['the only cloud if OS_CLOUD is empty', { OS_CLOUD: '' }, lab(WHOLE), 'lab'],
  ])('is chosen: %s', (_, env, text, name) => {
    const found = find(env, text)
    expect(findDefault(found)).toBe(name)
    expect(found.problems).toEqual([])
  })

  it('is an error if OS_CLOUD names an unknown cloud', () => {
    expect(listMessages(find({ OS_CLOUD: 'gone' }))).toEqual(['-: cloud not found: gone, named by OS_CLOUD'])
  })
})

describe('variables without a cloud', () => {
  it.each([
    ['selectors', { OS_REGION_NAME: 'R' }],
    ['variables of test suites', { OS_TEST_PATH: 'x', OS_STDOUT_CAPTURE: '1', OS_LOG_CAPTURE: '1' }],
    ['a version', { OS_IDENTITY_API_VERSION: '3' }],
    ['variables of other programs', { OS_NAME: 'debian', OS_VERSION: '12' }],
    ['empty variables', { OS_AUTH_URL: '', OS_PASSWORD: '' }],
  ])('are ignored: %s', (_, env) => {
    const found = find(env as Readonly<Record<string, string>>)
    expect(listNames(found)).toEqual(['lab'])
    expect(found.problems).toEqual([])
    expect(findDefault(found)).toBe('lab')
  })
})

describe('OS_ environment variables', () => {
  it('lists every used variable as the origin', () => {
    expect(find({ ...ENV, OS_REGION_NAME: 'R', OS_CLOUD: 'lab', OS_LOG_X: '1' }).clouds.at(-1)).toMatchObject({
      name: 'envvars',
      origin: ['OS_AUTH_URL', 'OS_PASSWORD', 'OS_PROJECT_ID', 'OS_REGION_NAME', 'OS_USERNAME'].map((variable) => ({
        variable,
      })),
      region: 'R',
    })
  })

  it('reports an incomplete cloud', () => {
    const found = find({ OS_USERNAME: 'u', OS_PASSWORD: 'p' })
    expect(listNames(found)).toEqual(['lab'])
    expect(listMessages(found)).toEqual(['envvars: missing auth_url'])
  })

  it.each<readonly [Readonly<Record<string, string>>, string]>([
    [{ OS_PASSWORD: 'p' }, 'OS_PASSWORD is'],
    [{ OS_PASSWORD: 'p', OS_USERNAME: 'u' }, 'OS_PASSWORD, OS_USERNAME are'],
  ])('reports variables next to OS_CLOUD and does not apply them: %j', (env, names) => {
    const found = find({ OS_CLOUD: 'lab', ...env })
    expect(listNames(found)).toEqual(['lab'])
    expect(listMessages(found)).toEqual([
      `envvars: ${names} ignored: OS_* variables do not change the cloud that OS_CLOUD names (lab)`,
    ])
  })

  it.each<readonly [Readonly<Record<string, string>>, string]>([
    [{ OS_CLOUD: 'lab', OS_REGION_NAME: 'R2', OS_PROJECT_NAME: 'web' }, 'OS_PROJECT_NAME, OS_REGION_NAME are'],
    [{ OS_REGION_NAME: 'R2' }, 'OS_REGION_NAME is'],
  ])('reports ignored region and project variables: %j', (env, names) => {
    const found = find(env)
    expect(listNames(found)).toEqual(['lab'])
    expect(found.problems).toEqual([])
    expect(found.ignored.map(({ what }) => what)).toEqual([
      `${names} ignored: without OS_AUTH_URL, OS_* variables do not define a cloud, and they do not change the entries of clouds.yaml`,
    ])
    expect(found.warnings).toEqual(found.ignored)
  })

  it('ignores no variable of a complete cloud', () => expect(find({ ...ENV, OS_REGION_NAME: 'R' }).ignored).toEqual([]))

  it('does not use OS_CLOUD as a profile of the environment’s cloud', () => {
    const found = discoverIn({
      variables: { ...ENV, OS_CLOUD: 'ovh' },
      files: { '/cwd/clouds.yaml': lab(WHOLE, 'ovh') },
    })
    expect(listNames(found)).toEqual(['ovh', 'envvars'])
    expect(found.warnings).toEqual([])
  })
})
