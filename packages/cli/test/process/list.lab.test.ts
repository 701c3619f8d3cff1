import { describe, expect, it } from '@jest/globals'
import { askLab, labEnvironment, logIn, runClient, runningLabs } from '@imago/lab'
import { assertBuilt, imago } from './imago.ts'

const [lab] = runningLabs(process.env)
// Uses a project in which no other test creates or deletes images between the two listings.
const environment = labEnvironment(lab, 'other')
const env = { ...environment }

/** An image as `imago list -o ndjson` prints it, in part. */
interface ListedImage {
  readonly ref: { readonly id: string }
  readonly name: string | null
  readonly size: { readonly stored: number | null }
  readonly providerStatus: string
}

describe('imago list with a real Glance', () => {
  it('prints the same IDs, names, sizes and states as openstack image list --long', async () => {
    assertBuilt()
    // More images than on a page of Glance.
    const { token } = await logIn(lab, lab.users.other)
    const waiting: string[] = []
    for (let index = 0; index < 30; index++) {
      const answer = await askLab(`${lab.imageUrl}/v2/images`, {
        method: 'POST',
        token,
        body: index % 3 === 0 ? {} : { name: `waiting ${index}`, disk_format: 'raw', container_format: 'bare' },
      })
      waiting.push((answer.json() as { readonly id: string }).id)
    }
    const { id } = JSON.parse(
      (
        await imago(
          [
            'api',
            'other',
            'POST',
            '/v2/images',
            '-f',
            'name=with data',
            '-f',
            'disk_format=raw',
            '-f',
            'container_format=bare',
          ],
          { env },
        )
      ).stdout,
    ) as { readonly id: string }
    expect(
      await imago(
        [
          'api',
          'other',
          'PUT',
          `/v2/images/${id}/file`,
          '--input',
          '-',
          '-H',
          'content-type: application/octet-stream',
        ],
        { env, input: 'hello' },
      ),
    ).toMatchObject({ code: 0 })
    const list = async (): Promise<readonly ListedImage[]> => {
      const ours = await imago(['list', 'other', '-o', 'ndjson'], { env })
      expect(ours).toMatchObject({ code: 0, stderr: '' })
      return ours.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as ListedImage)
    }
    // Other tests create and delete images meanwhile: those that are there before and after are compared.
    const before = new Set((await list()).map(({ ref }) => ref.id))
    const theirs = await runClient('openstack', ['image', 'list', '--long', '-f', 'json'], { environment })
    expect(theirs.exitCode).toBe(0)
    const listed = (await list()).filter(({ ref }) => before.has(ref.id))
    const lasting = new Set(listed.map(({ ref }) => ref.id))
    const expected = (
      JSON.parse(theirs.stdout) as readonly {
        readonly ID: string
        readonly Name: string | null
        readonly Size: number | null
        readonly Status: string
      }[]
    ).filter(({ ID }) => lasting.has(ID))
    const byId = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1)
    expect(
      listed.map(({ ref, name, size, providerStatus }) => [ref.id, name, size.stored, providerStatus]).sort(byId),
    ).toEqual(expected.map(({ ID, Name, Size, Status }) => [ID, Name, Size, Status]).sort(byId))
    expect(listed.find(({ ref }) => ref.id === id)).toMatchObject({
      name: 'with data',
      size: { stored: 5 },
      providerStatus: 'active',
    })
    expect(listed.map(({ ref }) => ref.id)).toEqual(expect.arrayContaining(waiting))
    expect(await imago(['api', 'other', 'DELETE', `/v2/images/${id}`], { env })).toMatchObject({ code: 0 })
    for (const one of waiting) await askLab(`${lab.imageUrl}/v2/images/${one}`, { method: 'DELETE', token })
  })
})
