import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { perform, type UploadLimits } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator, type OpenstackSimulatorOptions } from '@imago/simulator'
import { createOpenstackSource } from '../src/index.ts'
import { optionsOf, valueOf } from './cloud.ts'

const transport = createTransport()
const simulators: OpenstackSimulator[] = []
const started = async (options: OpenstackSimulatorOptions): Promise<OpenstackSimulator> => {
  const simulator = await createOpenstackSimulator({ catalogue: 'none', ...options })
  simulators.push(simulator)
  return simulator
}
let plain: OpenstackSimulator
beforeAll(async () => void (plain = await started({})))
afterEach(() => plain.faults.clear())
afterAll(async () => {
  await Promise.all(simulators.map(({ close }) => close()))
  transport.close()
})

const limitsAt = (simulator: OpenstackSimulator): Promise<UploadLimits> => {
  const user = simulator.users.find(({ name }) => name === 'demo')
  const project = simulator.projects.find(({ name }) => name === 'demo')
  return valueOf(
    perform(
      createOpenstackSource(
        optionsOf(
          {
            authUrl: simulator.authUrl,
            region: 'RegionOne',
            userId: user?.id ?? '',
            password: user?.password ?? '',
            project: project?.id ?? '',
          },
          transport,
        ),
      ),
      'uploadLimits',
    ),
  )
}

const FORMATS = ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop']

describe('uploadLimits', () => {
  test('gives stores, formats and lengths; no quotas where Glance uses no limits of Keystone’s', async () => {
    expect(await limitsAt(plain)).toEqual({
      bytes: null,
      images: null,
      uploads: null,
      stores: [
        { id: 'fast', isDefault: true, isReadOnly: false },
        { id: 'slow', isDefault: false, isReadOnly: false },
        { id: 'web', isDefault: false, isReadOnly: true },
      ],
      diskFormats: FORMATS,
      containerFormats: ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'],
      nameLength: 255,
      tagLength: 255,
      properties: {},
      otherProperties: true,
    })
  })

  test('gives quotas in bytes, and the formats that the operator left', async () => {
    const limited = await started({
      quotas: { images: 7, uploads: 2, storage: 10 * 2 ** 20 },
      formats: { disk: ['raw', 'qcow2'], container: ['bare'] },
    })
    expect(await limitsAt(limited)).toMatchObject({
      bytes: { used: 0, limit: 10 * 2 ** 20, unit: 2 ** 20 },
      images: { used: 0, limit: 7, unit: 1 },
      uploads: { used: 0, limit: 2, unit: 1 },
      diskFormats: ['raw', 'qcow2'],
      containerFormats: ['bare'],
    })
  })

  test('of a quota of -1 is unlimited', async () => {
    const unlimited = await started({ quotas: { images: 7 } })
    expect((await limitsAt(unlimited)).bytes).toEqual({ used: 0, limit: null, unit: 2 ** 20 })
  })

  test('gives nothing for what an older Glance does not know', async () => {
    for (const path of ['/v2/info/usage', '/v2/info/stores', '/v2/schemas/image'])
      plain.faults.add({ path: `/**${path}`, fault: { kind: 'status', status: 404 } })
    expect(Object.values(await limitsAt(plain))).toEqual(Array.from({ length: 10 }, () => null))
  })

  test.each([403, 500])('leaves out what fails alone: %d', async (status) => {
    plain.faults.add({ path: '/**/v2/info/usage', fault: { kind: 'status', status } })
    expect(await limitsAt(plain)).toMatchObject({
      bytes: null,
      images: null,
      stores: expect.arrayContaining([expect.objectContaining({ id: 'fast' })]),
      diskFormats: FORMATS,
    })
  })

  test('reads what the operator says of properties', async () => {
    const body = JSON.stringify({
      name: 'image',
      additionalProperties: false,
      properties: {
        id: {},
        disk_format: { enum: [null, 'raw'] },
        tags: { type: 'array', items: { type: 'string', maxLength: 9 } },
        hw_disk_bus: { type: 'string', is_base: false, enum: ['virtio', 'scsi'] },
        note: { type: 'string', is_base: false, maxLength: 5 },
      },
    })
    plain.faults.add({
      path: '/**/v2/schemas/image',
      fault: { kind: 'status', status: 200, body, headers: { 'content-type': 'application/json' } },
    })
    expect(await limitsAt(plain)).toMatchObject({
      diskFormats: ['raw'],
      containerFormats: null,
      nameLength: null,
      tagLength: 9,
      otherProperties: false,
      properties: {
        hw_disk_bus: { values: ['virtio', 'scsi'], maxLength: null },
        note: { values: null, maxLength: 5 },
      },
    })
  })
})
