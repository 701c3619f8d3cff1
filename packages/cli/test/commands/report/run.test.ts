import { describe, expect, it } from '@jest/globals'
import { configInvalid, createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { bareImage, createMemorySource } from '@imago/testkit'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { exportClouds } from '../../../src/commands/export/export-clouds.ts'
import type { ExportOptions } from '../../../src/commands/export/options.ts'
import { report } from '../../../src/commands/report/run.ts'
import type { ReportOptions } from '../../../src/commands/report/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, type MemoryLive } from '../../live.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()

const IMAGES = [
  bareImage('1', { name: 'web', os: { distro: 'debian', version: '12' }, kind: 'snapshot' }),
  bareImage('2', { name: 'signed', properties: { direct_url: 'https://user:hunter2@store.test/x?sig=hunter3' } }),
]

const createLive = (images: readonly Image[] = IMAGES): MemoryLive =>
  memoryLive({
    clouds: [hetznerCloud('prod')],
    open: (target: ProviderCloud): ImageSource => createMemorySource({ images, cloud: toIdentity(target) }),
  })

const run = async (options: Partial<ReportOptions> = {}, names: readonly string[] = []) => {
  const live = createLive()
  const output = options.output ?? folder.path('report.html')
  const code = await report(names, { support: 'standard', output, ...options }, live)
  return {
    code,
    text: output === '-' ? live.output.text() : readFileSync(output, 'utf8'),
    messages: live.messages.text(),
  }
}

describe('report', () => {
  it('writes a file, and prints its path', async () => {
    const { code, text, messages } = await run()
    expect(text).toMatch(/^<!doctype html>/)
    expect(text).toContain('support of debian 12 ends')
    expect(messages).toBe(`report on 2 images written to ${folder.path('report.html')}\n`)
    expect(existsSync(folder.path('report.html.part'))).toBe(false)
    expect(code).toBe(EXIT.done)
  })

  it('prints to standard output', async () => {
    expect((await run({ output: '-' })).text).toMatch(/^<!doctype html>/)
  })

  it('contains only selected images', async () => {
    expect((await run({ name: ['web'] })).messages).toContain('report on 1 image')
  })

  it('masks credentials in URLs', async () => {
    const { text } = await run()
    expect(text).toContain('store.test')
    expect(text).not.toMatch(/hunter/)
  })

  it('reports the images and changes of a store', async () => {
    const file = folder.path('inventory.db')
    await exportClouds(
      file,
      [],
      { at: '2026-10-01T00:00:00Z' } as ExportOptions,
      createLive([bareImage('1', { name: 'old' })]),
    )
    await exportClouds(file, [], { at: '2026-11-01T00:00:00Z' } as ExportOptions, createLive())
    const { code, text } = await run({ from: file, since: `${file}@2026-10-01` })
    expect(text).toContain('Changes since 2026-10-01')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('1 added, 0 removed, 1 changed')
    expect(code).toBe(EXIT.done)
  })

  it('reports a selected image that was renamed since as changed', async () => {
    const file = folder.path('renamed.db')
    const before = createLive([bareImage('1', { name: 'old' })])
    await exportClouds(file, [], { at: '2026-10-01T00:00:00Z' } as ExportOptions, before)
    await exportClouds(file, [], { at: '2026-11-01T00:00:00Z' } as ExportOptions, createLive())
    const fromStore = await run({ from: file, since: `${file}@2026-10-01`, name: ['old'] })
    expect(fromStore.text.replaceAll(/\s+/g, ' ')).toContain('0 added, 0 removed, 1 changed')
    const fromCloud = await run({ since: `${file}@2026-10-01`, name: ['old'] })
    expect(fromCloud.text.replaceAll(/\s+/g, ' ')).toContain('0 added, 0 removed, 1 changed')
  })

  it('masks credentials in URLs of the earlier state, which are no change', async () => {
    const file = folder.path('secrets.db')
    const options = { at: '2026-10-01T00:00:00Z', showSecrets: true } as ExportOptions
    await exportClouds(file, [], options, createLive())
    const { text } = await run({ since: file })
    expect(text).not.toMatch(/hunter/)
    expect(text.replaceAll(/\s+/g, ' ')).toContain('0 added, 0 removed, 0 changed')
  })

  it('shows the time of the last run of a store', async () => {
    const file = folder.path('last.db')
    await exportClouds(file, [], { at: '2026-10-01T00:00:00Z' } as ExportOptions, createLive())
    expect((await run({ from: file })).text.replaceAll(/\s+/g, ' ')).toContain('as of 2026-10-01 00:00 UTC')
  })

  it('reports a cloud that cannot be opened as incomplete, and none of its images as removed', async () => {
    const file = folder.path('two.db')
    const clouds = [hetznerCloud('prod'), hetznerCloud('down')]
    const open = (target: ProviderCloud): ImageSource =>
      createMemorySource({ images: IMAGES, cloud: toIdentity(target) })
    await exportClouds(file, [], { at: '2026-10-01T00:00:00Z' } as ExportOptions, memoryLive({ clouds, open }))
    const site = { provider: 'hetzner', cloud: 'down', operation: 'open', request: null }
    const live = memoryLive({
      clouds,
      open: (target) => (target.name === 'down' ? configInvalid(site, { what: 'no token' }) : open(target)),
    })
    const output = folder.path('incomplete.html')
    const code = await report([], { support: 'standard', output, since: file } as ReportOptions, live)
    const text = readFileSync(output, 'utf8').replaceAll(/\s+/g, ' ')
    expect(text).toContain('<li>down: not all images were listed')
    expect(text).toContain('0 added, 0 removed, 0 changed, 2 unknown')
    expect(code).not.toBe(EXIT.done)
  })

  it('refuses clouds and a file at once', async () => {
    await expect(run({ from: 'x.ndjson' }, ['prod'])).rejects.toThrow('--from and clouds cannot be combined')
  })

  describe('when no image can be read', () => {
    const earlier = (): string => {
      const file = folder.path('earlier.html')
      writeFileSync(file, 'the earlier report')
      return file
    }

    it.each([['from'], ['since']])('keeps the earlier report if the file of --%s is missing', async (option) => {
      const output = earlier()
      await expect(run({ output, [option]: folder.path('missing.ndjson') })).rejects.toMatchObject({
        message: `no image could be read from ${folder.path('missing.ndjson')}`,
        exitCode: EXIT.error,
      })
      expect(readFileSync(output, 'utf8')).toBe('the earlier report')
    })

    it('keeps the earlier report if the store has no images of the requested time', async () => {
      const file = folder.path('late.db')
      await exportClouds(file, [], { at: '2026-11-01T00:00:00Z' } as ExportOptions, createLive())
      const { code, text, messages } = await run({ output: earlier(), from: `${file}@2026-10-01` })
      expect(text).toBe('the earlier report')
      expect(messages).toContain('no report was written')
      expect(code).toBe(EXIT.notFound)
    })

    it('keeps the earlier report if no cloud can be listed', async () => {
      const output = earlier()
      const live = memoryLive({
        clouds: [hetznerCloud('prod')],
        open: (target: ProviderCloud): ImageSource => ({
          ...createMemorySource({ images: IMAGES, cloud: toIdentity(target) }),
          listPage: () =>
            TE.left(
              unavailable(createErrorSite(toIdentity(target), 'listPage'), { what: 'the server does not respond' }),
            ),
        }),
      })
      expect(await report([], { support: 'standard', output }, live)).not.toBe(EXIT.done)
      expect(readFileSync(output, 'utf8')).toBe('the earlier report')
      expect(live.messages.text()).toContain('imago: no image could be read: no report was written')
    })
  })

  it('reports a file that cannot be written', async () => {
    await expect(run({ output: folder.path('missing/report.html') })).rejects.toThrow('cannot write')
  })
})
