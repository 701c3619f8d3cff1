import { describe, expect, it } from '@jest/globals'
import { CAPABILITY_NAMES, FILTER_NAMES, createErrorSite, unauthorized, type ImageSource } from '@imago/core'
import { withoutOperations } from '@imago/core/provider'
import { createMemorySource } from '@imago/testkit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { capabilities } from '../../../src/commands/capabilities/run.ts'
import type { CapabilitiesOptions } from '../../../src/commands/capabilities/options.ts'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, openstackCloud, sourceAmong } from '../../live.ts'
import { findSchemaFaults } from '../../schema-faults.ts'

const memory = (target: ProviderCloud): ImageSource =>
  createMemorySource({ cloud: toIdentity(target), filters: ['name'] })

const readOnly = (target: ProviderCloud): ImageSource => {
  const source = memory(target)
  return { ...source, probe: () => TE.right(withoutOperations(source.capabilities, ['delete', 'update'])) }
}

const refused = (target: ProviderCloud): ImageSource => ({
  ...memory(target),
  probe: () => TE.left(unauthorized(createErrorSite(toIdentity(target), 'probe'), { what: 'no' })),
})

const run = async (names: readonly string[], options: Partial<CapabilitiesOptions> = {}) => {
  const live = memoryLive({
    clouds: [hetznerCloud('a'), openstackCloud('lab', ['one']), hetznerCloud('bad')],
    open: sourceAmong({ a: memory, 'lab@one': readOnly, bad: refused }),
  })
  const code = await capabilities(names, { output: 'table', ...options }, live)
  return { code, text: live.output.text(), lines: live.output.lines(), messages: live.messages.lines() }
}

const row = (lines: readonly string[], name: string): readonly string[] =>
  lines.find((line) => line.startsWith(`${name} `))?.split(/ {2,}/) ?? []

describe('imago capabilities', () => {
  it('prints the capabilities of all providers without a cloud', async () => {
    const { code, lines } = await run([])
    expect(code).toBe(EXIT.done)
    expect(row(lines, 'OPERATIONS')).toEqual(['OPERATIONS', 'hetzner', 'openstack', 'MEANING'])
    for (const name of [...CAPABILITY_NAMES, ...FILTER_NAMES]) expect(row(lines, name).length).toBeGreaterThanOrEqual(3)
    expect(row(lines, 'hide').slice(0, 2)).toEqual(['hide', 'no'])
    expect(row(lines, 'labels')).toEqual(expect.arrayContaining(['labels']))
  })

  it('prints the declared or probed capabilities of clouds', async () => {
    const can = await run(['a', 'lab'])
    expect(row(can.lines, 'OPERATIONS').slice(1, 3)).toEqual(['hetzner/a', 'openstack/lab@one'])
    expect(row(can.lines, 'delete').slice(1, 3)).toEqual(['yes', 'yes'])
    const may = await run(['a', 'lab'], { probe: true })
    expect(row(may.lines, 'delete').slice(1, 3)).toEqual(['yes', 'no'])
    expect(may.messages).toEqual([])
  })

  it('reports a cloud that cannot be probed, and prints the others', async () => {
    const { code, lines, messages } = await run(['bad', 'a'], { probe: true })
    expect(code).toBe(EXIT.error)
    expect(messages).toEqual(['imago: hetzner/bad: probe: no. Check the credentials of this cloud'])
    expect(row(lines, 'OPERATIONS').slice(1, 2)).toEqual(['hetzner/a'])
  })

  it('prints JSON of its schema', async () => {
    for (const { text } of [
      await run([], { output: 'json' }),
      await run(['a', 'lab'], { output: 'json', probe: true }),
    ])
      expect(findSchemaFaults('capabilities', text)).toEqual([])
  })

  it('prints Markdown', async () => {
    const { text } = await run([], { output: 'markdown' })
    expect(text).toMatch(/^## Operations\n\n\| \| hetzner \| openstack \| \|\n\|---\|---\|---\|---\|\n/)
  })
})
