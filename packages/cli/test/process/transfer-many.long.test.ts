import { describe, expect, it, jest } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { allMadeBy, madeBy, movingScene, toldEvents } from './transfer-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = movingScene()
const { imago } = scene
const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(3 * 2 ** 20)])

describe('transfers of many images', () => {
  it('copy --all transfers only the selected images, several at once, and creates none when repeated', async () => {
    const upload = async (name: string, os: string): Promise<string> =>
      madeBy(
        await imago([
          'upload',
          scene.folder.file(`${name}.raw`, DISK),
          `demo:${name}`,
          '--source-format',
          'raw',
          '--set-property',
          `os_distro=${os}`,
          '-o',
          'json',
        ]),
      )
    const [one, two] = await Promise.all([
      upload('fleet-1', 'debian'),
      upload('fleet-2', 'debian'),
      upload('fleet-3', 'ubuntu'),
      upload('single', 'debian'),
    ])
    // Slow down, so that both downloads overlap.
    scene.openstack().faults.add({
      method: 'GET',
      path: '/image/v2/images/*/file',
      fault: { kind: 'slow', bytesPerSecond: 2 * 2 ** 20 },
    })

    const copy = ['copy', '--all', '--os', 'debian', '--text', 'fleet', 'demo:', 'other:', '--jobs', '2', '-o', 'json']
    const shown = await imago([...copy, '--dry-run'])
    const { plans } = JSON.parse(shown.stdout) as {
      readonly plans: readonly { readonly source: { readonly ref: { readonly id: string } } }[]
    }
    expect(shown.code).toBe(0)
    expect(plans.map(({ source }) => source.ref.id).toSorted()).toEqual([one, two].toSorted())

    const ran = await imago([...copy, '--progress', 'json'])
    const events = toldEvents(ran.stderr)
    const firstDone = events.findIndex(({ event }) => event === 'done')
    expect(
      new Set(events.slice(0, firstDone).flatMap(({ run, step }) => (step === 'download' ? [run] : []))).size,
    ).toBe(2)
    const { stdout, code } = await imago(['list', 'other', '--text', 'fleet', '-o', 'json'])
    const listed = (
      JSON.parse(stdout) as {
        readonly images: readonly { readonly ref: { readonly id: string }; readonly name: string }[]
      }
    ).images
    const made = allMadeBy({ ...ran, stderr: '' })
    expect(code).toBe(0)
    expect(listed.map(({ name }) => name).toSorted()).toEqual(['fleet-1', 'fleet-2'])
    expect(listed.map(({ ref }) => ref.id).toSorted()).toEqual(made.toSorted())

    scene.openstack().requests.clear()
    const again = await imago([...copy, '--progress', 'none'])
    expect(allMadeBy(again)).toEqual(made)
    expect(
      scene
        .openstack()
        .requests.all()
        .filter(({ method, url }) => method !== 'GET' && url.startsWith('/image/')),
    ).toEqual([])
  })

  it('copy --all refuses an image as the source, and reports when no image matches', async () => {
    expect(await imago(['copy', '--all', 'demo:fleet-1', 'other:', '--yes'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--all takes clouds, not images'),
    })
    expect(await imago(['copy', '--all', '--text', 'nothing is called so', 'demo:', 'other:', '--yes'])).toMatchObject({
      code: 3,
      stderr: 'imago: no image matches the selection. Check the options that select images\n',
    })
  })
})
