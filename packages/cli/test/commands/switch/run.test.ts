import { describe, expect, it } from '@jest/globals'
import { flip } from '../../../src/commands/switch/run.ts'
import { image, stage, findImage, TABLE } from '../../writing/stage.ts'

describe('flip', () => {
  it.each([
    ['protect', 'protected', true],
    ['unprotect', 'protected', false],
    ['hide', 'hidden', true],
    ['unhide', 'hidden', false],
  ] as const)('%s changes the field', async (command, field, value) => {
    const { live, source } = stage({ images: [image('1', { [field]: !value })] })
    expect(await flip(command, ['prod:id:1'], TABLE, live)).toBe(0)
    expect(live.output.text()).toMatch(/^hetzner\/prod:id:1 \(name-1\) is (no longer )?(protected|hidden)\n$/)
    expect(await findImage(source, '1')).toMatchObject({ [field]: value })
  })

  it('unhide finds the hidden image by name if another image has the same name', async () => {
    const { live, source } = stage({
      images: [image('1', { name: 'debian', hidden: true }), image('2', { name: 'debian', hidden: false })],
    })
    expect(await flip('unhide', ['prod:debian'], TABLE, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ hidden: false })
    expect(live.output.text()).toBe('hetzner/prod:id:1 (debian) is no longer hidden\n')
  })

  it('unhide accepts an image that is not hidden', async () => {
    expect(await flip('unhide', ['prod:name-1'], TABLE, stage({ images: [image('1', { hidden: false })] }).live)).toBe(
      0,
    )
  })

  it('deactivate and reactivate change the status', async () => {
    const { live, source } = stage({ images: [image('1', { status: 'available' })], bytes: { 1: new Uint8Array(3) } })
    expect(await flip('deactivate', ['prod:1'], TABLE, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ status: 'unavailable' })
    expect(await flip('reactivate', ['prod:1'], TABLE, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ status: 'available' })
  })

  it('commands report that a cloud does not support an operation', async () => {
    const { live } = stage({ without: ['hide'] })
    expect(await flip('hide', ['prod:1'], TABLE, live)).toBe(1)
    expect(live.messages.text()).toBe(
      'imago: hetzner/prod: hide: the provider does not support this operation. To list what the cloud supports: imago capabilities hetzner/prod\n',
    )
  })
})
