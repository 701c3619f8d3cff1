import { afterAll, describe, expect, it } from '@jest/globals'
import { labEnvironment, runningLabs } from '@imago/lab'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertBuilt, imago } from './imago.ts'

const [lab] = runningLabs(process.env)
const env = { ...labEnvironment(lab, 'other') }
const folder = mkdtempSync(join(tmpdir(), 'imago-lock-lab-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const files = ['--lock-file', join(folder, 'images.lock.json')]
const wanted = ['--file', join(folder, 'imago.images.yaml')]

const put = (id: string, data: string) =>
  imago(
    ['api', 'other', 'PUT', `/v2/images/${id}/file`, '--input', '-', '-H', 'content-type: application/octet-stream'],
    { env, input: data },
  )

describe('imago lock with a real Glance', () => {
  it('pins an image by the digest of Glance, and reports when it is gone', async () => {
    assertBuilt()
    const name = `locked-${process.pid}`
    const fields = ['name', 'disk_format', 'container_format', 'os_distro', 'os_version', 'architecture']
    const values = [name, 'raw', 'bare', 'debian', '12', 'x86_64']
    const made = await imago(
      [
        'api',
        'other',
        'POST',
        '/v2/images',
        ...fields.flatMap((field, index) => ['-f', `${field}=${values[index] ?? ''}`]),
      ],
      { env },
    )
    const { id } = JSON.parse(made.stdout) as { readonly id: string }
    expect(await put(id, 'hello')).toMatchObject({ code: 0 })

    writeFileSync(wanted[1] ?? '', `images:\n  web: { want: 'name:${name}', on: [other] }\n`)
    expect(await imago(['lock', ...wanted, ...files], { env })).toMatchObject({ code: 0, stderr: '' })
    const [pin] = Object.values(JSON.parse(readFileSync(files[1] ?? '', 'utf8')) as Readonly<Record<string, unknown>>)
    expect(pin).toMatchObject({ id, pin: 'digest', os: { distro: 'debian', version: '12' }, architecture: 'x86_64' })

    expect(await imago(['lock', '--check', ...wanted, ...files], { env })).toMatchObject({ code: 0 })
    expect(await imago(['verify', ...files], { env })).toMatchObject({ code: 0 })
    expect(await imago(['find', '--locked', 'other:web', ...files], { env })).toMatchObject({
      code: 0,
      stdout: `${id}\n`,
    })
    // The adapter declares that the data of an image cannot be replaced.
    const again = await put(id, 'other')
    expect(again.code).toBe(1)
    expect(again.stderr + again.stdout).toMatch(/409|Conflict/i)

    expect(await imago(['delete', `other:id:${id}`, '--yes'], { env })).toMatchObject({ code: 0 })
    expect(await imago(['verify', ...files], { env })).toMatchObject({ code: 5 })
    expect(await imago(['find', '--locked', 'other:web', ...files], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/image not found: .* pinned in .* as web on openstack\/other/),
    })
  })
})
