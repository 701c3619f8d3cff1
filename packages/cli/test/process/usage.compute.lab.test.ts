import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ComputeProject, createComputeProject, runClient, runningComputeLab } from '@imago/lab'
import { assertBuilt, imago } from './imago.ts'

interface UsageRow {
  readonly name: string
  readonly usage: { readonly state: string; readonly usedBy: readonly { readonly kind: string; readonly id: string }[] }
}

let project: ComputeProject
let shelved: string

beforeAll(async () => {
  assertBuilt()
  project = await createComputeProject(runningComputeLab(process.env))
  const base = await project.createImage('base')
  await project.createImage('idle')
  await project.createServer({ name: 'web-1', imageId: base })
  await project.createServer({ name: 'database', imageId: base, volumeBooted: true })
  shelved = await project.createServer({ name: 'shelf', imageId: base })
  await project.nova(`/servers/${shelved}/action`, { method: 'POST', body: { shelve: null } })
  await project.serverSettles(shelved, 'SHELVED', 'SHELVED_OFFLOADED')
})

afterAll(async () => {
  await project.remove()
})

const readUsage = async (name: string): Promise<UsageRow['usage'] | undefined> => {
  const { code, stdout } = await imago(['usage', 'envvars', '-o', 'json'], { env: { ...project.environment } })
  expect(code).toBe(0)
  const { images } = JSON.parse(stdout) as { readonly images: readonly UsageRow[] }
  return images.find((image) => image.name === name)?.usage
}

const idsIn = async (kind: 'server' | 'volume'): Promise<readonly string[]> => {
  const { stdout } = await runClient('openstack', [kind, 'list', '--format', 'json'], {
    environment: project.environment,
  })
  return (JSON.parse(stdout) as readonly { readonly ID: string }[]).map(({ ID }) => ID).toSorted()
}

describe('imago usage with a real Nova and Cinder', () => {
  it('prints every server and volume that openstack lists as users of an image', async () => {
    const usage = await readUsage('base')
    const findUsers = (kind: string): readonly string[] =>
      (usage?.usedBy ?? []).flatMap((user) => (user.kind === kind ? [user.id] : [])).toSorted()
    expect(usage?.state).toBe('used')
    expect(findUsers('server')).toEqual(await idsIn('server'))
    expect(findUsers('volume')).toEqual(await idsIn('volume'))
  })

  it('prints a shelved server as the user of its image', async () => {
    expect(await readUsage('shelf-shelved')).toMatchObject({ state: 'used', usedBy: [{ kind: 'server', id: shelved }] })
  })

  it('prints an image without users as unused', async () => {
    expect(await readUsage('idle')).toEqual({ state: 'unused', usedBy: [], createdFrom: [] })
  })
})
