import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { lock } from '../../../src/commands/lock/run.ts'
import { verify } from '../../../src/commands/verify/run.ts'
import type { VerifyOptions } from '../../../src/commands/verify/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { lockLive, prodWith, ubuntu, unlistable } from '../../lock/scene.ts'
import { findSchemaFaults } from '../../schema-faults.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const file = folder.file('images.yaml', 'images:\n  a: { want: id:7, on: [prod] }\n  b: { want: id:8, on: [prod] }\n')
const lockFile = folder.path('lock.json')
const [seven, eight] = [ubuntu('7'), ubuntu('8')]
const locked = lock({ file, lockFile, output: 'table' }, lockLive(prodWith(seven, eight)))

const run = async (
  prod: Parameters<typeof lockLive>[0],
  options: Partial<VerifyOptions> = {},
  names: readonly string[] = [],
) => {
  await locked
  const live = lockLive(prod)
  const code = await verify(names, { lockFile, output: 'json', ...options }, live)
  return { code, text: live.output.text() }
}

const readStates = (text: string): readonly string[] =>
  (JSON.parse(text) as { readonly pins: readonly { readonly state: string }[] }).pins.map(({ state }) => state)

const down = (target: ProviderCloud) => ({
  ...prodWith()(target),
  get: () => TE.left(unavailable(createErrorSite(toIdentity(target), 'get'), { what: 'no connection' })),
})

describe('imago verify', () => {
  it('ends with 0 if no image has changed, without listing', async () => {
    const { code, text } = await run(unlistable(seven, eight))
    expect(code).toBe(EXIT.done)
    expect(findSchemaFaults('verification', text)).toEqual([])
    expect(readStates(text)).toEqual(['ok', 'ok'])
  })

  it('ends with 4 if an image has changed', async () => {
    const { code, text } = await run(unlistable(seven, { ...eight, architecture: 'aarch64' }))
    expect(code).toBe(4)
    expect(findSchemaFaults('verification', text)).toEqual([])
    expect(JSON.parse(text)).toMatchObject({
      pins: [
        { state: 'ok' },
        { state: 'changed', facts: [{ fact: 'architecture', pinned: 'x86_64', now: 'aarch64' }] },
      ],
    })
  })

  it('ends with 5 if an image is gone, whatever the state of the others', async () => {
    const { code, text } = await run(unlistable({ ...seven, architecture: 'aarch64' }))
    expect(code).toBe(5)
    expect(findSchemaFaults('verification', text)).toEqual([])
    expect(readStates(text)).toEqual(['changed', 'gone'])
  })

  it('ends with 6 if an image expires within the time', async () => {
    const dying = unlistable(seven, { ...eight, unavailableAfter: '2026-12-20T00:00:00Z' })
    expect((await run(dying)).code).toBe(EXIT.done)
    expect((await run(dying, { within: '27d' })).code).toBe(EXIT.done)
    const { code, text } = await run(dying, { within: '4w' })
    expect(code).toBe(6)
    expect(findSchemaFaults('verification', text)).toEqual([])
  })

  it('ends with 1 if an image cannot be read', async () => {
    const { code, text } = await run(down)
    expect(code).toBe(EXIT.error)
    expect(findSchemaFaults('verification', text)).toEqual([])
    expect(readStates(text)).toEqual(['unverified', 'unverified'])
  })

  it('verifies only the named images', async () => {
    const { code, text } = await run(unlistable(seven), {}, ['a'])
    expect(code).toBe(EXIT.done)
    expect(readStates(text)).toEqual(['ok'])
  })

  it.each<[Partial<VerifyOptions>, readonly string[]]>([
    [{ within: 'soon' }, []],
    [{}, ['c']],
  ])('refuses %j %j as a usage error', async (options, names) => {
    await expect(run(prodWith(), options, names)).rejects.toMatchObject({ exitCode: EXIT.usage })
  })
})
