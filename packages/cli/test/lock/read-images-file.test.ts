import { describe, expect, it } from '@jest/globals'
import { readImagesFile } from '../../src/lock/read-images-file.ts'
import { temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()
let count = 0
const read = (text: string) => readImagesFile(folder.file(`${count++}.yaml`, text))

describe('readImagesFile', () => {
  it('reads the YAML key `on` as text', async () => {
    const { images } = await read('images:\n  web:\n    want: ubuntu@24.04/arm64\n    on: [production]\n')
    expect(images).toMatchObject([{ name: 'web', on: ['production'], requirement: { want: { distro: 'ubuntu' } } }])
  })

  it('reports each error with its line and path', async () => {
    const text =
      'images:\n  web:\n    want: ubuntu@latest\n    on: [production]\n  db: { on: [a] }\n  job:\n    want: ubuntu\n    on: [a]\n    kind:\n      - system\n      - apps\n    liveAtLeast: 1d\n'
    await expect(read(text)).rejects.toMatchObject({
      message: expect.stringMatching(/: 4 errors$/),
      lines: [
        'line 3: /images/web/want: unknown version "latest": expected a version, such as ubuntu@24.04',
        'line 5: /images/db/want: is missing',
        'line 11: /images/job/kind/1: unknown value "apps" (one of: system, app, snapshot, backup, image)',
        'line 12: /images/job/liveAtLeast: unknown key "liveAtLeast" (one of: want, on, arch, kind, trust, evidence, livesAtLeast, ageAtLeast, pick)',
      ].join('\n'),
    })
  })

  it.each([
    ['images: [', /, line \d+: /],
    ['images: {}\n---\nimages: {}\n', /expected one YAML document, found 2/],
    ['', /1 error$/],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ message: expect.stringMatching(message) })
  })

  it('shows an example when the file does not exist', async () => {
    await expect(readImagesFile(folder.path('none.yaml'))).rejects.toMatchObject({
      message: expect.stringMatching(/no such file/),
      lines: expect.stringMatching(/want: ubuntu@24\.04/),
    })
  })
})
