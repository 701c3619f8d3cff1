import { describe, expect, it } from '@jest/globals'
import type { CreateOptions } from '../../../src/commands/create/options.ts'
import { create } from '../../../src/commands/create/run.ts'
import { stage, findImage, JSON_OUTPUT, TABLE, printed, problem } from '../../writing/stage.ts'

describe('create', () => {
  it('creates the record', async () => {
    const { live, source } = stage({ images: [] })
    expect(
      await create(
        'prod:my image',
        {
          ...JSON_OUTPUT,
          diskFormat: 'qcow2',
          setArch: 'aarch64',
          setTag: ['a'],
          setProperty: ['k=v'],
          minRam: '512MiB',
          setVisibility: 'private',
        },
        live,
      ),
    ).toBe(0)
    const [made] = printed(live)
    expect(made).toMatchObject({
      name: 'my image',
      format: { disk: 'qcow2' },
      architecture: 'aarch64',
      tags: ['a'],
      properties: { k: 'v' },
      size: { minRam: 2 ** 29 },
      status: 'pending',
    })
    expect(await findImage(source, made?.ref.id ?? '')).not.toBeNull()
  })

  it.each<[Partial<CreateOptions>, string]>([
    [{ setArch: 'x86-46' }, '--set-arch: unknown value "x86-46"'],
    [{ setArch: 'vax' }, 'To list the architectures: imago schema crosswalk'],
    [{ minDisk: '10' }, '--min-disk: invalid value "10": no unit. Use 10GB or 10GiB'],
    [{ setLabel: ['a'] }, '--set-label: invalid value "a". Use key=value'],
    [{ setProperty: [' =a'] }, '--set-property: invalid value " =a". Use key=value'],
  ])('refuses %j as a usage error', async (options, message) => {
    const error = await problem(() => create('prod:x', { ...TABLE, diskFormat: 'raw', ...options }, stage().live))
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain(message)
  })

  it('refuses invalid values before an unknown cloud', async () => {
    const error = await problem(() => create('none:x', { ...TABLE, diskFormat: 'raw', minRam: 'x' }, stage().live))
    expect(error.message).toContain('--min-ram: invalid value "x"')
  })

  it.each(['prod', 'prod:', ':name'])('refuses %s as a usage error', async (word) => {
    const error = await problem(() => create(word, { ...TABLE, diskFormat: 'raw' }, stage().live))
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain('cloud:name')
  })
})
