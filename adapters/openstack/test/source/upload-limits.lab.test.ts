import { afterAll, describe, expect, it } from '@jest/globals'
import { perform } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { runningLabs, type LabUser } from '@imago/lab'
import { createOpenstackSource } from '../../src/index.ts'
import { toSourceOptions, getValue } from '../cloud.ts'

const [lab] = runningLabs(process.env)
const transport = createTransport()
afterAll(() => transport.close())

const sourceFor = ({ id, password, project }: LabUser) =>
  createOpenstackSource(
    toSourceOptions(
      {
        authUrl: lab.authUrl,
        region: lab.region,
        userId: id,
        password,
        project: lab.projects[project as keyof typeof lab.projects],
      },
      transport,
    ),
  )

describe('uploadLimits with a real Glance', () => {
  it.each(['demo', 'demo-reader', 'admin'] as const)(
    'for %s, returns stores, formats and lengths; no quotas, because the lab does not use unified limits',
    async (name) => {
      expect(await getValue(perform(sourceFor(lab.users[name]), 'uploadLimits'))).toEqual({
        bytes: null,
        images: null,
        uploads: null,
        stores: lab.stores.map((id, at) => ({ id, isDefault: at === 0, isReadOnly: id === 'web' })),
        diskFormats: ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'],
        containerFormats: ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'],
        nameLength: 255,
        tagLength: 255,
        properties: {},
        otherProperties: true,
      })
    },
  )
})
