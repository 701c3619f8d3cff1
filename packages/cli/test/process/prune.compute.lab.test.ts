import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  allowInGlance,
  type ComputeProject,
  createComputeProject,
  forbidInGlance,
  runClient,
  runningComputeLab,
} from '@imago/lab'
import { spawn } from 'node:child_process'
import { assertBuilt, BIN, imago } from './imago.ts'

const CLOUD = 'envvars'
const images: Record<string, string> = {}
let project: ComputeProject
let shelf: string

beforeAll(async () => {
  assertBuilt()
  project = await createComputeProject(runningComputeLab(process.env))
  for (const name of ['base', 'old', 'started', 'guarded', 'left'])
    images[name] = await project.createImage(name, { fields: { visibility: 'private' } })
  await project.createServer({ name: 'web', imageId: images['base'] ?? '' })
  shelf = await project.createServer({ name: 'shelf', imageId: images['base'] ?? '' })
  await project.nova(`/servers/${shelf}/action`, { method: 'POST', body: { shelve: null } })
  await project.serverSettles(shelf, 'SHELVED', 'SHELVED_OFFLOADED')
})

const setProtected = (value: boolean) =>
  project.glance(`/v2/images/${images['guarded']}`, {
    method: 'PATCH',
    body: [{ op: 'replace', path: '/protected', value }],
    headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
  })

afterAll(async () => {
  allowInGlance(project.lab, 'delete_image')
  await setProtected(false)
  await project.remove()
})

const listed = async (): Promise<readonly string[]> => {
  const { stdout } = await runClient('openstack', ['image', 'list', '--project', project.projectId, '-f', 'json'], {
    environment: project.environment,
  })
  return (JSON.parse(stdout) as readonly { readonly Name: string }[]).map(({ Name }) => Name).toSorted()
}

/** Runs `imago` on a terminal, and answers its question with yes after `meanwhile`. Standard output and error are one. */
const answerLate = (args: readonly string[], meanwhile: () => Promise<unknown>) =>
  new Promise<{ readonly code: number | null; readonly text: string }>((resolve, reject) => {
    const command = [process.execPath, BIN, ...args].map((part) => `'${part}'`).join(' ')
    // From util-linux: runs the command with a terminal.
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, NODE_OPTIONS: '', COLUMNS: '200', ...project.environment },
    })
    let text = ''
    let isAsked = false
    child.stdout.on('data', (chunk: Uint8Array) => {
      text += new TextDecoder().decode(chunk)
      if (isAsked || !text.includes('[y/N]')) return
      isAsked = true
      meanwhile().then(() => child.stdin.write('y\n'), reject)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text }))
  })

describe('imago prune with a real Nova', () => {
  it('reports that the credentials may not delete, and keeps everything', async () => {
    const before = await listed()
    forbidInGlance(project.lab, 'delete_image', project.projectId)
    const { code, stderr } = await imago(['prune', CLOUD, '--name', 'old', '--yes'], {
      env: { ...project.environment },
    })
    allowInGlance(project.lab, 'delete_image')
    expect(code).toBe(1)
    expect(stderr).toContain('HTTP 403')
    expect(await listed()).toEqual(before)
  })

  it('keeps images that are used or protected before the question is answered', async () => {
    const { code, text } = await answerLate(['prune', CLOUD, '--newer-than', '1y'], async () => {
      await project.createServer({ name: 'late', imageId: images['started'] ?? '' })
      await setProtected(true)
      await project.glance(`/v2/images/${images['left']}`, { method: 'DELETE' })
    })
    expect(text).toContain('Delete 4 images')
    expect(text).toMatch(/deleted .*\(old\)/)
    expect(text).toMatch(/kept .*\(started\): now used by server late/)
    expect(text).toMatch(/kept .*\(guarded\): now protected/)
    expect(text).toMatch(/skipped .*\(left\): it no longer exists/)
    expect(code).toBe(0)
    expect(await listed()).toEqual(['base', 'guarded', 'shelf-shelved', 'started'])
  })

  it('leaves the shelved server intact', async () => {
    await project.nova(`/servers/${shelf}/action`, { method: 'POST', body: { unshelve: null } })
    expect(await project.serverSettles(shelf, 'ACTIVE')).toMatchObject({ status: 'ACTIVE' })
  })
})
