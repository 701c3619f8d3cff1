import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type ImageSource } from '@imago/core'
import { HAND_OVER_FORMATS, LOCK_FILE, IMAGES_FILE } from '@imago/lock'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { HAND_OVER, type LockOptions } from '../../../src/commands/lock/options.ts'
import { lock, lockOffline } from '../../../src/commands/lock/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { LOCK_FILE_NAME, IMAGES_FILE_NAME } from '../../../src/options/lock.ts'
import { lockLive, prodWith, ubuntu, unlistable } from '../../lock/scene.ts'
import { memoryOutput } from '../../memory-output.ts'
import { findSchemaFaults } from '../../schema-faults.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
let count = 0

/** The files of one test. */
const scene = (wanted = 'images:\n  web: { want: ubuntu@24.04/amd64, on: [prod] }\n') => {
  const name = String(count++)
  const file = folder.file(`${name}.yaml`, wanted)
  const lockFile = folder.path(`${name}.json`)
  const run = async (prod = prodWith(ubuntu('7')), options: Partial<LockOptions> = {}) => {
    const live = lockLive(prod)
    const all: LockOptions = { file, lockFile, output: 'table', ...options }
    const offline = { output: memoryOutput(), messages: memoryOutput() }
    const early = await lockOffline(all, offline)
    if (early !== null) return { code: early, text: offline.output.text(), messages: offline.messages.text() }
    const code = await lock(all, live)
    return { code, text: live.output.text(), messages: live.messages.text() }
  }
  return { run, file, lockFile, read: () => readFileSync(lockFile, 'utf8') }
}

const failing = (what: string) => (target: ProviderCloud) => ({
  ...prodWith()(target),
  listPage: () => TE.left(unavailable(createErrorSite(toIdentity(target), 'listPage'), { what })),
})

describe('imago lock', () => {
  it('writes the pins, and prints them', async () => {
    const { run, read } = scene()
    const { code, text } = await run()
    expect(code).toBe(EXIT.done)
    expect(text).toMatch(/^CHANGE .*\nadded +web +hetzner\/prod +7 .*ubuntu-24\.04 .*id-only\n$/)
    expect(findSchemaFaults('lock', read())).toEqual([])
    expect(JSON.parse(read())).toMatchObject({ 'web hetzner/prod': { id: '7', want: 'ubuntu@24.04/x86_64' } })
  })

  it('keeps pins if newer images exist, without listing', async () => {
    const { run, read } = scene()
    await run()
    const before = read()
    const again = await run(unlistable(ubuntu('8', { createdAt: '2026-10-01T00:00:00Z' })))
    expect(again.code).toBe(EXIT.done)
    expect(read()).toBe(before)
  })

  it('prints documents of its schema', async () => {
    const { text } = await scene().run(undefined, { output: 'json' })
    expect(findSchemaFaults('pins', text)).toEqual([])
    expect(JSON.parse(text)).toMatchObject({ isCurrent: true, changes: [{ change: 'added', after: { id: '7' } }] })
  })

  it.each([
    ['lock:1"', 'lock:2"', /another version of imago \(.*\)\. Use that version of imago$/],
    [
      '"id":"7"',
      '"id":"8"',
      /\. Correct the file, restore it from version control, or delete it to pin all images again with: imago lock --file \S+ --lock-file \S+$/,
    ],
  ])('refuses a lock file with %s changed to %s, and keeps it', async (before, after, message) => {
    const { run, lockFile, read } = scene()
    await run()
    const changed = read().replace(before, after)
    writeFileSync(lockFile, changed)
    await expect(run()).rejects.toMatchObject({ message: expect.stringMatching(message) })
    expect(read()).toBe(changed)
  })

  it('writes nothing with --dry-run', async () => {
    const { run, lockFile } = scene()
    const { text } = await run(undefined, { dryRun: true, output: 'json' })
    expect(JSON.parse(text)).toMatchObject({ isCurrent: false, changes: [{ change: 'added' }] })
    expect(existsSync(lockFile)).toBe(false)
  })

  it('writes nothing and prints both images if they are ambiguous', async () => {
    const { run, lockFile } = scene(
      'images:\n  web: { want: ubuntu@24.04, on: [prod] }\n  old: { want: id:7, on: [prod] }\n',
    )
    const { code, messages } = await run(prodWith(ubuntu('7'), ubuntu('8', { architecture: 'aarch64' })))
    expect(code).toBe(EXIT.notFound)
    expect(messages).toMatch(/web on hetzner\/prod: several images match\. They differ in: architecture\./)
    expect(messages).toMatch(/prod:id:7 .*\n.*prod:id:8 /)
    expect(existsSync(lockFile)).toBe(false)
  })

  it('prints why images are refused if none can be used', async () => {
    const { code, messages } = await scene().run(prodWith(ubuntu('7', { status: 'unavailable' })))
    expect(code).toBe(EXIT.notFound)
    expect(messages).toMatch(/no image can be used\. Refused:\n.*prod:id:7 .*unavailable \(unavailable\)/)
  })

  it('keeps the lock unchanged if a cloud cannot be read', async () => {
    const { run, read, file } = scene()
    await run()
    const before = read()
    writeFileSync(file, 'images:\n  web: { want: ubuntu@24.04/arm64, on: [prod] }\n')
    const { code, messages } = await run(failing('no connection'))
    expect(code).toBe(EXIT.temporary)
    expect(messages).toMatch(/web on hetzner\/prod: .*no connection/)
    expect(read()).toBe(before)
  })

  it('removes the pin of a removed requirement', async () => {
    const { run, read, file } = scene()
    await run()
    writeFileSync(file, 'images: {}\n')
    expect((await run(failing('no connection'))).text).toMatch(/^CHANGE.*\nremoved +web /)
    expect(read()).toBe('{\n  "$schema": "urn:imago:schema:lock:1"\n}\n')
  })

  it('refuses a requirement that names a cloud twice', async () => {
    const { run } = scene('images:\n  web: { want: ubuntu@24.04/amd64, on: [prod, hetzner/prod] }\n')
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching(/prod and hetzner\/prod are the same cloud/),
    })
  })

  it('refuses a lock file with a merge conflict, with its line', async () => {
    const { run, lockFile, read } = scene()
    await run()
    writeFileSync(lockFile, read().replace('    {', '<<<<<<< ours\n    {'))
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching(/json, line 3: it has an unresolved merge conflict/),
    })
  })
})

describe('imago lock --check', () => {
  it('ends with 0 if the file is up to date', async () => {
    const { run } = scene()
    await run()
    expect(await run(unlistable(ubuntu('7')), { check: true })).toEqual({ code: EXIT.done, text: '', messages: '' })
    expect((await run(unlistable(), { check: 'offline' })).code).toBe(EXIT.done)
  })

  it.each([
    { change: 'gone', images: [] },
    { change: 'gone', images: [ubuntu('7', { status: 'unavailable' })] },
    { change: 'changed', images: [ubuntu('7', { createdAt: '2026-02-02T00:00:00Z' })] },
  ])('ends with 4 and names the update if a pinned image is $change', async ({ change, images }) => {
    const { run, read } = scene()
    await run()
    const before = read()
    const { code, text, messages } = await run(unlistable(...images), { check: true, output: 'json' })
    expect(code).toBe(EXIT.findings)
    expect(findSchemaFaults('pins', text)).toEqual([])
    expect(JSON.parse(text)).toMatchObject({
      isCurrent: false,
      changes: [{ change, image: 'web', on: 'prod', before: { id: '7' }, after: null }],
    })
    expect(messages).toMatch(
      /is out of date: 1 pinned image gone or changed\. Run: imago update web --file \S+ --lock-file \S+\n$/,
    )
    expect(read()).toBe(before)
    expect((await run(unlistable(...images), { check: 'offline' })).code).toBe(EXIT.done)
  })

  it('ends with an error if a pinned image cannot be verified', async () => {
    const { run } = scene()
    await run()
    const silent = (target: ProviderCloud): ImageSource => ({
      ...prodWith()(target),
      get: () => TE.left(unavailable(createErrorSite(toIdentity(target), 'get'), { what: 'no connection' })),
    })
    const { code, text, messages } = await run(silent, { check: true, output: 'json' })
    expect(code).toBe(EXIT.error)
    expect(JSON.parse(text)).toMatchObject({ isCurrent: false, changes: [] })
    expect(messages).toMatch(/^imago: cannot verify web on hetzner\/prod: .*no connection/)
  })

  it('ends with 4 without a lock file', async () => {
    const { code, text, messages } = await scene().run(undefined, { check: true })
    expect(code).toBe(EXIT.findings)
    expect(text).toMatch(/missing +web +prod/)
    expect(messages).toMatch(/does not exist\. Run: imago lock --file \S+ --lock-file \S+\n$/)
  })

  it('ends with 4 and writes nothing if a requirement has changed', async () => {
    const { run, file, read } = scene()
    await run()
    const before = read()
    writeFileSync(file, 'images:\n  web: { want: ubuntu@22.04/amd64, on: [prod] }\n')
    const { code, text } = await run(failing('no connection'), { check: true, output: 'json' })
    expect(code).toBe(EXIT.findings)
    expect(findSchemaFaults('pins', text)).toEqual([])
    expect(JSON.parse(text)).toMatchObject({ isCurrent: false, changes: [{ change: 'outdated', before: { id: '7' } }] })
    expect(read()).toBe(before)
  })

  it('ends with 4 if another program has formatted the file', async () => {
    const { run, lockFile, read } = scene()
    await run()
    writeFileSync(lockFile, JSON.stringify(JSON.parse(read())))
    const { code, messages } = await run(undefined, { check: true })
    expect(code).toBe(EXIT.findings)
    expect(messages).toMatch(/is not formatted as imago writes it/)
  })

  it('ends with 4 if a cloud has a new region', async () => {
    const wanted = 'images:\n  web: { want: ubuntu@24.04/amd64, on: [prod, lab] }\n'
    const { run, lockFile, read } = scene(wanted)
    await run()
    writeFileSync(lockFile, read().replaceAll('"region":"one"', '"region":"two"').replace('lab@one', 'lab@two'))
    expect((await run(undefined, { check: 'offline' })).code).toBe(EXIT.done)
    const { code, text } = await run(undefined, { check: true })
    expect(code).toBe(EXIT.findings)
    expect(text).toMatch(/added +web +openstack\/lab@one .*\nremoved +web +openstack\/lab@two /)
  })
})

describe('imago lock --locked', () => {
  it.each<[LockOptions['output'], string]>([
    ['tfvars', 'image_ids = {\n  "web" = {\n    "hetzner/prod" = "7"\n  }\n}\n'],
    ['ansible', 'image_ids:\n  "web":\n    "hetzner/prod": "7"\n'],
    ['env', 'IMAGE_WEB_HETZNER_PROD=7\n'],
    ['value', 'kept\tweb\thetzner/prod\t7\t\tubuntu-24.04\tx86_64\t2026-01-01T00:00:00Z\t\tid-only\n'],
  ])('prints %s without a request', async (output, text) => {
    const { run } = scene()
    await run()
    expect(await run(unlistable(), { locked: true, output })).toEqual({ code: EXIT.done, text, messages: '' })
  })

  it('requires a lock file', async () => {
    await expect(scene().run(undefined, { locked: true })).rejects.toMatchObject({
      message: expect.stringMatching(/no such file\. To create it, run: imago lock --file \S+ --lock-file \S+$/),
    })
  })
})

it.each<Partial<LockOptions>>([
  { check: true, locked: true },
  { check: true, dryRun: true },
  { locked: true, dryRun: true },
  { check: true, output: 'tfvars' },
  { output: 'env', columns: 'id' },
])('imago lock refuses %j as a usage error', async (options) => {
  await expect(scene().run(undefined, options)).rejects.toMatchObject({ exitCode: EXIT.usage })
})

describe('imago lock', () => {
  it('imago lock declares the names and formats of the library', () => {
    expect(HAND_OVER).toEqual(HAND_OVER_FORMATS)
    expect(LOCK_FILE_NAME).toBe(LOCK_FILE)
    expect(IMAGES_FILE_NAME).toBe(IMAGES_FILE)
  })
})
