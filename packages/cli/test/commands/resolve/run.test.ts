import { describe, expect, it } from '@jest/globals'
import { EVIDENCE_LEVELS, PICKS } from '@imago/lock'
import { EVIDENCE, PICK, type ResolveOptions } from '../../../src/commands/resolve/options.ts'
import { resolveWant } from '../../../src/commands/resolve/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { lockLive, prodWith, ubuntu, unlistable } from '../../lock/scene.ts'
import { findSchemaFaults } from '../../schema-faults.ts'

const images = prodWith(
  ubuntu('7'),
  ubuntu('8', { createdAt: '2026-10-01T00:00:00Z' }),
  ubuntu('9', { architecture: 'aarch64' }),
  ubuntu('10', { kind: 'snapshot', visibility: 'private', name: null, labels: { role: 'db' } }),
)

const run = async (want: string, options: Partial<ResolveOptions> = {}, prod = images) => {
  const live = lockLive(prod)
  const code = await resolveWant(want, { on: ['prod'], output: 'id', ...options }, live)
  return { code, text: live.output.text(), messages: live.messages.text() }
}

describe('imago resolve', () => {
  it.each<[string, Partial<ResolveOptions>, string]>([
    ['ubuntu@24.04/amd64', {}, '8\n'],
    ['ubuntu@24.04/amd64', { ageAtLeast: '90d' }, '7\n'],
    ['ubuntu@24.04/amd64', { output: 'address' }, 'hetzner/prod:id:8\n'],
    ['label:role=db', { kind: ['snapshot'] }, '10\n'],
    ['name:ubuntu-*', { pick: 'newest', arch: 'amd64' }, '8\n'],
    ['id:7', {}, '7\n'],
  ])('%s %j', async (want, options, text) =>
    expect(await run(want, options)).toEqual({ code: EXIT.done, text, messages: '' }),
  )

  it('prints both images and no ID if the want is ambiguous', async () => {
    const { code, text, messages } = await run('ubuntu@24.04')
    expect(code).toBe(EXIT.notFound)
    expect(text).toBe('')
    expect(messages).toMatch(/They differ in: architecture\..*\n.*:id:8 .*\n.*:id:9 /)
  })

  it('prints every image with --why, and why it is refused', async () => {
    const { code, text } = await run('ubuntu@24.04/amd64', { why: true, columns: 'result,id,why', header: false })
    expect(code).toBe(EXIT.done)
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
      'picked   8   -',
      'usable   7   -',
      'refused  9   wrong-arch (aarch64)',
      'refused  10  wrong-kind (snapshot)',
      '',
    ])
  })

  it.each(['ubuntu@24.04/amd64', 'ubuntu@24.04', 'ubuntu@26.04'])(
    'prints documents of its schema for %s',
    async (want) => {
      expect(findSchemaFaults('resolution', (await run(want, { output: 'json' })).text)).toEqual([])
    },
  )

  it('fails if a cloud cannot be listed, because it may have a better image', async () => {
    await expect(run('ubuntu@24.04/amd64', {}, unlistable(ubuntu('7')))).rejects.toMatchObject({
      message: expect.stringMatching(/not allowed/),
    })
  })

  it.each<[string, Partial<ResolveOptions>, RegExp]>([
    ['ubuntu@latest', {}, /unknown version "latest"/],
    ['tag:a', { kind: ['snap'] }, /^--kind: unknown value "snap"/],
    ['tag:a', { livesAtLeast: 'long' }, /^--lives-at-least: invalid value "long"/],
    [
      'ubuntu',
      { arch: 'amd64' },
      /^--arch: remove it, and write the architecture after the operating system: distro\[@version\]\/x86_64/,
    ],
  ])('refuses %s %j', async (want, options, message) => {
    await expect(run(want, options)).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(message),
    })
  })

  it('declares the values of the library', () => {
    expect(EVIDENCE).toEqual(EVIDENCE_LEVELS)
    expect(PICK).toEqual(PICKS)
  })
})
