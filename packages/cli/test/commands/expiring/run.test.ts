import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type ImageError } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { bareImage, createMemorySource } from '@imago/testkit'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expiring } from '../../../src/commands/expiring/run.ts'
import type { ExpiringOptions } from '../../../src/commands/expiring/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { temporaryFolder } from '../../temporary.ts'
import { hetznerCloud, memoryLive, sourceAmong } from '../../live.ts'

// The context's clock is at 2026-11-22T12:00:00Z.
const fedora = bareImage('1', { name: 'fedora-43', os: { distro: 'fedora', version: '43' } })
const withdrawn = bareImage('2', { name: 'ubuntu-20.04', unavailableAfter: '2027-02-07T00:00:00Z' })
const unknown = bareImage('3', { name: 'mine' })
const expired = bareImage('4', { name: 'debian-12', os: { distro: 'debian', version: '12' } })

const run = async (
  options: Partial<ExpiringOptions> = {},
  extra: Readonly<Record<string, (target: ProviderCloud) => ImageError>> = {},
) => {
  const prod = (target: ProviderCloud) =>
    createMemorySource({
      images: [fedora, withdrawn, unknown, expired],
      users: [{ image: '1', by: { kind: 'server', id: 's1', name: 'web-1' }, dependsOn: false }],
      cloud: toIdentity(target),
    })
  const live = memoryLive({
    clouds: [hetznerCloud('prod'), ...Object.keys(extra).map(hetznerCloud)],
    open: sourceAmong({ prod, ...extra }),
  })
  const code = await expiring([], { output: 'table', support: 'standard', ...options }, live)
  return { code, output: live.output.text(), messages: live.messages.text() }
}

const folder = temporaryFolder()

describe('expiring', () => {
  it('lists images with a known expiry date, sorted by it', async () => {
    const { code, output } = await run({ output: 'csv', columns: 'date,days,event,id,source' })
    expect(output.split('\n')).toEqual([
      'date,days,event,id,source',
      expect.stringMatching(/^2026-07-11,'?-134,support of debian 12 ends,4,"endoflife\.date, commit /),
      expect.stringMatching(/^2026-12-09,17,support of fedora 43 ends,1,/),
      '2027-02-07,77,unavailable,2,the image',
      '',
    ])
    expect(code).toBe(EXIT.done)
  })

  it('lists only images that expire within --within', async () => {
    const { output } = await run({ within: '30d', output: 'value', columns: 'id' })
    expect(output).toBe('4\n1\n')
  })

  it.each(['usedBy', 'used by', 'USED-BY', 'used_by'])('reads usage for the column named %j', async (columns) => {
    expect((await run({ output: 'value', columns: `id,${columns}` })).output).toContain('1\tserver web-1\n')
  })

  it('reports that no image expires, even without a terminal', async () => {
    const { output, messages } = await run({ within: '30d', name: ['mine'] })
    expect(output).toBe('')
    expect(messages).toMatch(/^0 of 1 image; support dates of /)
  })

  it.each(['soon', '', '30'])('refuses --within %j', async (within) => {
    await expect(run({ within })).rejects.toThrow('--within: invalid value')
  })

  it('uses the end of long-term support on request', async () => {
    const { output } = await run({ support: 'lts', output: 'value', columns: 'date,id' })
    expect(output).toBe('2026-12-09\t1\n2027-02-07\t2\n2028-06-30\t4\n')
  })

  it('prints the users of an image', async () => {
    const { output } = await run({ usage: true, output: 'value', columns: 'id,usedBy' })
    expect(output).toBe('4\tnone\n1\tserver web-1\n2\tnone\n')
  })

  it('lists only used images when asked to', async () => {
    const { output } = await run({ used: true, output: 'value', columns: 'id,usedBy' })
    expect(output).toBe('1\tserver web-1\n')
  })

  it('reads support dates from a file', async () => {
    const file = folder.file(
      'support.json',
      JSON.stringify({
        date: '2030-01-01',
        sources: {},
        releases: [
          {
            system: 'fedora',
            version: '43',
            codename: null,
            released: null,
            standardEnd: '2031-01-01',
            ltsEnd: null,
            paidEnd: null,
            sources: [],
          },
        ],
      }),
    )
    const { output } = await run({ eolData: file, output: 'value', columns: 'date,id' })
    expect(output).toBe('2027-02-07\t2\n2031-01-01\t1\n')
  })

  it('reports errors in a file of support dates', async () => {
    const file = folder.file('support.json', '{"date":"2030-02-31","sources":{},"releases":[]}')
    await expect(run({ eolData: file })).rejects.toThrow('/date: expected day (2026-01-31), got string')
  })

  it('prints a calendar with an event for each image', async () => {
    const { output } = await run({ output: 'ics' })
    expect(output.match(/BEGIN:VEVENT/g)).toHaveLength(3)
    expect(output).toContain('DTSTART;VALUE=DATE:20261209\r\n')
    expect(output).toContain('UID:hetzner/prod:id:1#support@imago\r\n')
    expect(output).toContain('SUMMARY:hetzner/prod:id:1 (fedora-43): support of fedora 43 ends\r\n')
  })

  it('reports a cloud that fails, and lists the others', async () => {
    const down = (target: ProviderCloud) =>
      unavailable(createErrorSite(toIdentity(target), 'login'), { what: 'no connection' })
    const { code, output, messages } = await run({ output: 'value', columns: 'id' }, { down })
    expect(output).toBe('4\n1\n2\n')
    expect(messages).toContain('no connection')
    expect(code).toBe(EXIT.temporary)
  })

  it('prints documents of its schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    const { output } = await run({ usage: true, output: 'json' })
    ajv.validate('urn:imago:schema:expiring:1', JSON.parse(output))
    expect(ajv.errors ?? []).toEqual([])
  })
})
