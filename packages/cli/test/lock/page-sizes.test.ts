import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { createMemorySource } from '@imago/testkit'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { lock } from '../../src/commands/lock/run.ts'
import { EXIT } from '../../src/exit-code.ts'
import { temporaryFolder } from '../temporary.ts'
import { lockLive, ubuntu } from './scene.ts'

const folder = temporaryFolder()
const file = folder.file(
  'images.yaml',
  'images:\n  web: { want: ubuntu@24.04/amd64, on: [prod] }\n  db: { want: "name:db-*", pick: newest, on: [prod] }\n',
)
let count = 0

/** Creates the lock file of a cloud that lists these images in pages of this size. */
const writeLock = async (images: readonly Image[], pageSize: number): Promise<string> => {
  const lockFile = folder.path(`${count++}.json`)
  const prod = (target: ProviderCloud) =>
    createMemorySource({ images, pageSize, cloud: toIdentity(target), without: ['owner'] })
  expect(await lock({ file, lockFile, output: 'table' }, lockLive(prod))).toBe(EXIT.done)
  return readFileSync(lockFile, 'utf8')
}

const images = Array.from({ length: 9 }, (_, index) => {
  const createdAt = `2026-0${1 + (index % 4)}-01T00:00:00Z`
  return index % 2 === 0
    ? ubuntu(String(100 + index), { createdAt })
    : ubuntu(String(100 + index), { createdAt, name: `db-${index}`, os: { distro: 'debian', version: '12' } })
})
/** Newer images of an untrusted owner. */
const strangers = [1, 2, 3].map((id) =>
  ubuntu(String(id), {
    createdAt: '2026-11-01T00:00:00Z',
    visibility: 'community',
    hidden: id === 3,
    name: `db-${id}`,
  }),
)

describe('imago lock', () => {
  it('writes the same bytes for any order, any page size, and with newer untrusted images', async () => {
    const expected = await writeLock(images, 50)
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(strangers).chain((some) => {
          const all = [...images, ...some]
          return fc.shuffledSubarray(all, { minLength: all.length })
        }),
        fc.integer({ min: 1, max: 12 }),
        async (listed, pageSize) => expect(await writeLock(listed, pageSize)).toBe(expected),
      ),
      { numRuns: 60 },
    )
  })
})
