import { describe, expect, it } from '@jest/globals'
import { find } from '../../src/commands/find/run.ts'
import { lock } from '../../src/commands/lock/run.ts'
import { show } from '../../src/commands/show/run.ts'
import { EXIT } from '../../src/exit-code.ts'
import { gatherSource } from '../../src/transfer/gather.ts'
import { temporaryFolder } from '../temporary.ts'
import { lockLive, prodWith, ubuntu, unlistable } from './scene.ts'

const folder = temporaryFolder()
const file = folder.file('images.yaml', 'images:\n  web: { want: ubuntu@24.04/amd64, on: [prod] }\n')
const lockFile = folder.path('lock.json')
const seven = ubuntu('7')
const locked = lock({ file, lockFile, output: 'table' }, lockLive(prodWith(seven)))

const findLocked = async (address: string, prod = unlistable(seven)) => {
  await locked
  const live = lockLive(prod)
  const code = await find(address, { output: 'id', locked: true, lockFile }, live)
  return { code, text: live.output.text() }
}

describe('--locked', () => {
  it('finds the pinned image by its ID when listing is forbidden', async () => {
    expect(await findLocked('prod:web')).toEqual({ code: EXIT.done, text: '7\n' })
    expect(await findLocked('hetzner/prod:web')).toEqual({ code: EXIT.done, text: '7\n' })
  })

  it('shows the pinned image', async () => {
    await locked
    const live = lockLive(unlistable(seven))
    const code = await show(['prod:web'], { output: 'value', columns: 'id', locked: true, lockFile }, live)
    expect({ code, text: live.output.text() }).toEqual({ code: EXIT.done, text: '7\n' })
  })

  it('selects the source of a transfer', async () => {
    await locked
    const address = { kind: 'image', cloud: 'prod', image: { idOrName: 'web' } } as const
    const source = await gatherSource(lockLive(unlistable(seven)), address, { locked: true, lockFile }, () => {
      throw new Error('no URL is read')
    })
    expect(source).toMatchObject({ kind: 'image', image: { ref: { id: '7' } } })
  })

  it('reports that the pinned image is gone', async () => {
    await expect(findLocked('prod:web', unlistable())).rejects.toMatchObject({
      exitCode: EXIT.notFound,
      message: expect.stringMatching(
        /image not found: 7, pinned in .*lock\.json as web on hetzner\/prod\. To pin another image, run: imago update web --lock-file \S+lock\.json/,
      ),
    })
  })

  it('refuses a pinned image that has changed', async () => {
    await expect(
      findLocked('prod:web', unlistable({ ...seven, createdAt: '2026-11-01T00:00:00Z' })),
    ).rejects.toMatchObject({
      exitCode: EXIT.refused,
      message: expect.stringMatching(
        /web on hetzner\/prod has changed .*createdAt was 2026-01-01T00:00:00Z, is 2026-11-01/,
      ),
    })
  })

  it.each([
    ['prod:wep', EXIT.notFound, /does not pin prod:wep\. Did you mean prod:web\?/],
    ['prod:id:7', EXIT.usage, /--locked requires the name of an image/],
  ])('refuses %s', async (address, exitCode, message) => {
    await expect(findLocked(address)).rejects.toMatchObject({ exitCode, message: expect.stringMatching(message) })
  })
})
