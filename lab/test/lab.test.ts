import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it, test } from '@jest/globals'
import { readLab, runningComputeLab, runningLabs } from '../src/index.ts'

const toRemove: string[] = []
afterEach(() => {
  for (const path of toRemove.splice(0)) rmSync(path, { recursive: true })
})

const user = (name: string, project: string) => ({
  id: `id-of-${name}`,
  name,
  password: 'word-of-pass',
  project,
  roles: ['member'],
})

const stateWith = (change: object): string => {
  const state = mkdtempSync(join(tmpdir(), 'imago-lab-test-'))
  toRemove.push(state)
  const lab = {
    state,
    release: 'debian',
    programs: '/usr/bin',
    authUrl: 'http://127.0.0.1:20001/v3',
    imageUrl: 'http://127.0.0.1:20002',
    region: 'RegionOne',
    cloudsYaml: join(state, 'clouds.yaml'),
    projects: { admin: 'a', demo: 'd', other: 'o', service: 's' },
    users: {
      admin: user('admin', 'admin'),
      demo: user('demo', 'demo'),
      'demo-reader': user('demo-reader', 'demo'),
      other: user('other', 'other'),
    },
    applicationCredential: { id: 'c', name: 'demo-appcred', secret: 'secret-of-credential' },
    stores: ['fast', 'slow', 'web'],
    compute: null,
    pids: { keystone: 1, glance: 2 },
    versions: { 'python3-glance': '2:25.1.0' },
    ...change,
  }
  writeFileSync(join(state, 'lab.json'), JSON.stringify(lab))
  return state
}

describe('scripts of the lab', () => {
  test('readLab reads a lab from its state directory', () => {
    const state = stateWith({})
    expect(readLab(state)).toMatchObject({
      state,
      users: { demo: { project: 'demo' } },
      stores: ['fast', 'slow', 'web'],
    })
  })

  test('readLab fails without a lab, with the command that starts one', () => {
    expect(() => readLab(join(tmpdir(), 'no-such-lab'))).toThrow(/no running lab .* npm run lab:up/)
  })

  test('readLab refuses a lab of another version, without printing its secrets', () => {
    const state = stateWith({
      applicationCredential: { id: 'c', name: 'demo-appcred', secret: ['secret-of-credential'] },
    })
    expect(() => readLab(state)).toThrow('/applicationCredential/secret')
    expect(() => readLab(state)).not.toThrow('secret-of-credential')
  })

  test('runningLabs reads the labs in the environment', () => {
    const [one, two] = [stateWith({}), stateWith({ region: 'RegionTwo' })]
    expect(runningLabs({ IMAGO_LAB_STATES: [one, two].join(delimiter) }).map(({ region }) => region)).toEqual([
      'RegionOne',
      'RegionTwo',
    ])
  })

  test.each([undefined, '', delimiter])(
    'runningLabs fails without a lab, with the command that runs the tests: %p',
    (states) => {
      expect(() => runningLabs({ IMAGO_LAB_STATES: states })).toThrow('npm run test:lab')
    },
  )

  describe('runningComputeLab', () => {
    const compute = {
      computeUrl: 'http://127.0.0.1:20003/v2.1',
      volumeUrl: 'http://127.0.0.1:20004/v3',
      placementUrl: 'http://127.0.0.1:20005',
      flavors: ['m1.tiny'],
      pids: { placement: 3, nova: 4, cinder: 5 },
    }

    it('reads the lab in the environment', () => {
      const state = stateWith({ compute })
      expect(runningComputeLab({ IMAGO_LAB_COMPUTE: state }).compute).toEqual(compute)
    })

    it('refuses a lab without Nova and Cinder, with the command that adds them', () => {
      const state = stateWith({})
      expect(() => runningComputeLab({ IMAGO_LAB_COMPUTE: state })).toThrow('npm run lab:up -- --compute')
    })

    it.each([undefined, ''])('fails without a lab, with the command that runs the tests: %p', (state) => {
      expect(() => runningComputeLab({ IMAGO_LAB_COMPUTE: state })).toThrow('npm run test:lab')
    })
  })
})
