import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { perform, type UploadLimits } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator, type OpenstackSimulatorOptions } from '@imago/simulator'
import { createOpenstackSource } from '../../src/index.ts'
import { toSourceOptions, getValue } from '../cloud.ts'

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
  return getValue(
    perform(
      createOpenstackSource(
        toSourceOptions(
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
  it('returns stores, formats and lengths; no quotas without unified limits', async () => {
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

  it('returns quotas in bytes, and the allowed formats', async () => {
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

  it('returns no limit for a quota of -1', async () => {
    const unlimited = await started({ quotas: { images: 7 } })
    expect((await limitsAt(unlimited)).bytes).toEqual({ used: 0, limit: null, unit: 2 ** 20 })
  })

  it('omits values that an older Glance lacks', async () => {
    for (const path of ['/v2/info/usage', '/v2/info/stores', '/v2/schemas/image'])
      plain.faults.add({ path: `/**${path}`, fault: { kind: 'status', status: 404 } })
    expect(Object.values(await limitsAt(plain))).toEqual(Array.from({ length: 10 }, () => null))
  })

  it.each([403, 500])('omits parts that fail: %d', async (status) => {
    plain.faults.add({ path: '/**/v2/info/usage', fault: { kind: 'status', status } })
    expect(await limitsAt(plain)).toMatchObject({
      bytes: null,
      images: null,
      stores: expect.arrayContaining([expect.objectContaining({ id: 'fast' })]),
      diskFormats: FORMATS,
    })
  })

  it('returns the operator’s property definitions', async () => {
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
