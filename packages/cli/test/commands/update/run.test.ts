import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { lock } from '../../../src/commands/lock/run.ts'
import type { UpdateOptions } from '../../../src/commands/update/options.ts'
import { update } from '../../../src/commands/update/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { lockLive, prodWith, ubuntu } from '../../lock/scene.ts'
import { findSchemaFaults } from '../../schema-faults.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const IMAGES =
  'images:\n  web: { want: "name:*", pick: newest, on: [prod] }\n  db: { want: "name:*", pick: newest, on: [prod] }\n'
const older = ubuntu('7')
const newer = ubuntu('8', { createdAt: '2026-10-01T00:00:00Z', name: 'a|b`c\n@team <img>' })
let count = 0

const scene = async () => {
  const name = String(count++)
  const files = { file: folder.file(`${name}.yaml`, IMAGES), lockFile: folder.path(`${name}.json`) }
  await lock({ ...files, output: 'table' }, lockLive(prodWith(older)))
  const run = async (names: readonly string[], options: Partial<UpdateOptions> = {}, prod = prodWith(older, newer)) => {
    const live = lockLive(prod)
    const code = await update(names, { ...files, output: 'table', ...options }, live)
    return { code, text: live.output.text(), messages: live.messages.text() }
  }
  const readIds = (): readonly string[] =>
    Object.values(
      JSON.parse(readFileSync(files.lockFile, 'utf8')) as Readonly<Record<string, { readonly id?: string }>>,
    ).flatMap(({ id }) => id ?? [])
  return { run, readIds }
}

describe('imago update', () => {
  it('pins the best matching image of each requirement', async () => {
    const { run, readIds } = await scene()
    const { code, text } = await run([])
    expect(code).toBe(EXIT.done)
    expect(text).toMatch(/updated +db .* 8 +7 .*\nupdated +web .* 8 +7 /)
    expect(readIds()).toEqual(['8', '8'])
  })

  it('keeps the pins of images that are not named', async () => {
    const { run, readIds } = await scene()
    expect((await run(['web'])).text).not.toMatch(/db/)
    expect(readIds()).toEqual(['7', '8'])
  })

  it('reports that no pin has changed', async () => {
    const { run } = await scene()
    expect(await run([], {}, prodWith(older))).toEqual({
      code: EXIT.done,
      text: '',
      messages: 'imago: all pins are up to date\n',
    })
  })

  it('writes nothing with --dry-run', async () => {
    const { run, readIds } = await scene()
    const { text } = await run([], { dryRun: true, output: 'json' })
    expect(findSchemaFaults('pins', text)).toEqual([])
    expect(JSON.parse(text)).toMatchObject({
      isCurrent: false,
      changes: [{ change: 'updated' }, { change: 'updated' }],
    })
    expect(readIds()).toEqual(['7', '7'])
  })

  it('keeps a pin and ends with 3 if no image matches any more', async () => {
    const { run, readIds } = await scene()
    const { code, messages } = await run([], {}, prodWith())
    expect(code).toBe(EXIT.notFound)
    expect(messages).toMatch(/web on hetzner\/prod: no image matches/)
    expect(readIds()).toEqual(['7', '7'])
  })

  it('escapes names in Markdown', async () => {
    const { run } = await scene()
    expect((await run(['web'], { output: 'markdown' })).text).toMatchInlineSnapshot(`
      "| image | cloud | change | from | to | created | unavailable after |
      |---|---|---|---|---|---|---|
      | \`web\` | \`hetzner/prod\` | updated | \`7\` \`ubuntu-24.04\` | \`8\` \`a\\|b'c\\x0a@team <img>\` | 2026-10-01 |  |
      "
    `)
    expect((await run(['web'], { output: 'markdown' })).text).toBe('No image changes.\n')
  })

  it('refuses a name that the images file does not have', async () => {
    const { run } = await scene()
    await expect(run(['wep'])).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(/image not found in .*: wep\. Did you mean web\?/),
    })
  })
})
