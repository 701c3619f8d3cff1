import { describe, expect, it } from '@jest/globals'
import { forbidden, createErrorSite, unauthorized, unavailable } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { LiveCloud } from '@imago/provider-kit'
import { toIdentity } from '@imago/provider-kit'
import { checkClouds } from '../../../src/commands/clouds/check.ts'
import type { CloudsOptions } from '../../../src/commands/clouds/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, openstackCloud, type MemoryLiveOptions } from '../../live.ts'
import { findSchemaFaults } from '../../schema-faults.ts'

const site = createErrorSite({ provider: 'openstack', cloud: 'lab' }, 'login')

const report: LiveCloud['check'] = () =>
  TE.right({
    user: 'demo (Default)',
    project: 'web (Default)',
    roles: ['member'],
    expiresAt: '2026-11-22T13:00:00Z',
    services: [
      { service: 'image', url: 'https://glance.example', versions: ['v2.15', 'v2.13'], error: null },
      { service: 'compute', url: null, versions: [], error: forbidden(site, { what: 'no', reason: 'x' }) },
    ],
  })

const run = async (
  options: Partial<CloudsOptions>,
  where: Partial<MemoryLiveOptions>,
  names: readonly string[] = [],
) => {
  const live = memoryLive({
    clouds: [openstackCloud('lab', ['one'])],
    check: report,
    open: (target) => createMemorySource({ cloud: toIdentity(target) }),
    ...where,
  })
  const code = await checkClouds(names, { output: 'table', ...options }, live)
  return { code, lines: live.output.lines(), text: live.output.text(), messages: live.messages.lines() }
}

describe('imago clouds --check', () => {
  it('prints the user, the URL of images, and the duration', async () => {
    expect(await run({}, {})).toMatchObject({
      code: EXIT.done,
      lines: [
        'CLOUD  PROVIDER   REGION  STATUS  USER            PROJECT        IMAGE SERVICE           VERSION  TIME',
        'lab    openstack  one     ok      demo (Default)  web (Default)  https://glance.example  v2.15    0 ms',
      ],
      messages: [],
    })
  })

  it('reports a failed login, checks the others, and ends with the exit code of list', async () => {
    const check: LiveCloud['check'] = () => TE.left(unauthorized(site, { what: 'the password was not accepted' }))
    const refused = await run({}, { check })
    expect(refused).toMatchObject({
      code: EXIT.error,
      messages: ['imago: openstack/lab: login: the password was not accepted. Check the credentials of this cloud'],
    })
    expect(refused.lines[1]).toMatch(/^lab {4}openstack {2}one {5}failed/)
    expect((await run({}, { check: () => TE.left(unavailable(site, { what: 'HTTP 503' })) })).code).toBe(EXIT.temporary)
  })

  it('checks only the named clouds', async () => {
    const clouds = [hetznerCloud('prod'), openstackCloud('lab', ['one', 'two'])]
    expect((await run({}, { clouds }, ['lab@two'])).lines).toHaveLength(2)
    await expect(run({}, { clouds }, ['nowhere'])).rejects.toMatchObject({ exitCode: EXIT.notFound })
  })

  it('prints JSON of its schema', async () => {
    for (const check of [report, (() => TE.left(unauthorized(site, { what: 'no' }))) as LiveCloud['check']]) {
      const problem = { _tag: 'ConfigInvalid', ...site, what: 'no token', hint: 'Add one' } as const
      const { text } = await run({ output: 'json' }, { check, problems: [problem] })
      expect(findSchemaFaults('check', text)).toEqual([])
      expect(text).toContain('openstack/lab: login: no token. Add one')
    }
  })
})
