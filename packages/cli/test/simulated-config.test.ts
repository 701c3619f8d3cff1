import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  createHetznerSimulator,
  createOpenstackSimulator,
  type HetznerSimulator,
  type OpenstackSimulator,
} from '@imago/simulator'
import { existsSync, readFileSync } from 'node:fs'
import { writeConfig } from '../src/simulated-config.ts'
import { temporaryFolder } from './temporary.ts'

const folder = temporaryFolder()
let hetzner: HetznerSimulator
let openstack: OpenstackSimulator
beforeAll(async () => {
  ;[hetzner, openstack] = await Promise.all([createHetznerSimulator(), createOpenstackSimulator()])
})
afterAll(() => Promise.all([hetzner.close(), openstack.close()]))

describe('writeConfig', () => {
  it('writes both files into a new directory', async () => {
    const directory = folder.path('new/directory')
    const { hetznerConfig, openstackConfig } = await writeConfig(directory, hetzner, openstack)
    expect(readFileSync(hetznerConfig, 'utf8')).toContain(hetzner.url)
    expect(readFileSync(openstackConfig, 'utf8')).toContain(openstack.authUrl)
  })

  it('fails when a file exists, and leaves it as it is', async () => {
    const directory = folder.path('used')
    const { hetznerConfig } = await writeConfig(directory, hetzner, openstack)
    const before = readFileSync(hetznerConfig, 'utf8')
    await expect(writeConfig(directory, hetzner, openstack)).rejects.toThrow(`file exists: ${hetznerConfig}`)
    expect(readFileSync(hetznerConfig, 'utf8')).toBe(before)
  })

  it('fails when a file is at the path of the directory', async () => {
    const path = folder.file('file', '')
    await expect(writeConfig(path, hetzner, openstack)).rejects.toThrow(`cannot write ${path}`)
  })

  // Node's own recursive mkdir never returns for a path below /proc/1.
  const onLinux = existsSync('/proc/1') ? it : it.skip
  onLinux('fails below /proc', async () => {
    await expect(writeConfig('/proc/1/config', hetzner, openstack)).rejects.toThrow('cannot write /proc/1/config')
  })
})
