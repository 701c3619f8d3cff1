import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { lock } from '../../../src/commands/lock/run.ts'
import { verify } from '../../../src/commands/verify/run.ts'
import type { VerifyOptions } from '../../../src/commands/verify/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { lockLive, prodWith, ubuntu, unlistable } from '../../lock/scene.ts'
import { faultsOf } from '../../schema-faults.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const file = folder.file('wishes.yaml', 'images:\n  a: { want: id:7, on: [prod] }\n  b: { want: id:8, on: [prod] }\n')
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

const statesOf = (text: string): readonly string[] =>
  (JSON.parse(text) as { readonly pins: readonly { readonly state: string }[] }).pins.map(({ state }) => state)

const down = (target: ProviderCloud) => ({
  ...prodWith()(target),
  get: () => TE.left(unavailable(createErrorSite(toIdentity(target), 'get'), { what: 'no connection' })),
})

describe('imago verify', () => {
  it('is 0 where all images are as they were, and lists nothing', async () => {
    const { code, text } = await run(unlistable(seven, eight))
    expect(code).toBe(EXIT.done)
    expect(faultsOf('verification', text)).toEqual([])
    expect(statesOf(text)).toEqual(['ok', 'ok'])
  })

  it('is 4 where one has changed', async () => {
    const { code, text } = await run(unlistable(seven, { ...eight, architecture: 'aarch64' }))
    expect(code).toBe(4)
    expect(faultsOf('verification', text)).toEqual([])
    expect(JSON.parse(text)).toMatchObject({
      pins: [
        { state: 'ok' },
        { state: 'changed', facts: [{ fact: 'architecture', pinned: 'x86_64', now: 'aarch64' }] },
      ],
    })
  })

  it('is 5 where one is gone, whatever else has changed', async () => {
    const { code, text } = await run(unlistable({ ...seven, architecture: 'aarch64' }))
    expect(code).toBe(5)
    expect(faultsOf('verification', text)).toEqual([])
    expect(statesOf(text)).toEqual(['changed', 'gone'])
  })

  it('is 6 where one expires in time', async () => {
    const dying = unlistable(seven, { ...eight, unavailableAfter: '2026-12-20T00:00:00Z' })
    expect((await run(dying)).code).toBe(EXIT.done)
    expect((await run(dying, { within: '27d' })).code).toBe(EXIT.done)
    const { code, text } = await run(dying, { within: '4w' })
    expect(code).toBe(6)
    expect(faultsOf('verification', text)).toEqual([])
  })

  it('is 1 where one cannot be asked for', async () => {
    const { code, text } = await run(down)
    expect(code).toBe(EXIT.error)
    expect(faultsOf('verification', text)).toEqual([])
    expect(statesOf(text)).toEqual(['unverified', 'unverified'])
  })

  it('verifies the named images only', async () => {
    const { code, text } = await run(unlistable(seven), {}, ['a'])
    expect(code).toBe(EXIT.done)
    expect(statesOf(text)).toEqual(['ok'])
  })

  it.each<[Partial<VerifyOptions>, readonly string[]]>([
    [{ within: 'soon' }, []],
    [{}, ['c']],
  ])('%j %j is a mistake of usage', async (options, names) => {
    await expect(run(prodWith(), options, names)).rejects.toMatchObject({ exitCode: EXIT.usage })
  })
})
