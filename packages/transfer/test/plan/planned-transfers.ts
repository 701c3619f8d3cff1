import type { Image, UploadLimits } from '@imago/core'
import { withoutOperations } from '@imago/core/provider'
import { schemas } from '@imago/schema-image'
import { bareImage, createMemorySource } from '@imago/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { PreflightCheckName, Plan } from '../../src/plan/plan.ts'
import type { TransferSource, TransferTarget } from '../../src/plan/transfer-input.ts'
import { DISK_RULES, FILE_RULES } from '../rules.ts'

export const files = createMemorySource({}).capabilities
export const disks = withoutOperations(createMemorySource({ disks: true }).capabilities, ['setVisibility', 'hide'])
export const GLANCE = {
  ...files,
  changes: ['name', 'description', 'tags', 'properties', 'minDisk', 'minRam'],
  metadata: FILE_RULES,
} as const
export const HETZNER = { ...disks, changes: ['description', 'labels', 'kind'], metadata: DISK_RULES } as const

export const UNTOLD: UploadLimits = {
  bytes: null,
  images: null,
  uploads: null,
  stores: null,
  diskFormats: null,
  containerFormats: null,
  nameLength: null,
  tagLength: null,
  properties: null,
  otherProperties: null,
}
export const leaving = (bytes: number): UploadLimits => ({
  ...UNTOLD,
  bytes: { used: 500, limit: 500 + bytes, unit: 1 },
})

export const digest = { algorithm: 'sha512', value: 'ab', of: 'stored', assertedBy: 'provider' } as const
export const qcow2: Image = bareImage('one', {
  name: 'debian-12',
  status: 'available',
  visibility: 'private',
  architecture: 'x86_64',
  format: { disk: 'qcow2', container: 'bare' },
  size: { stored: 300e6, virtual: 2e9, minDisk: null, minRam: null },
  digests: [digest],
  updatedAt: '2026-01-01T00:00:00Z',
  properties: { os_distro: 'debian' },
  tags: ['lts'],
})
export const snapshot: Image = bareImage('42', {
  description: 'web',
  status: 'available',
  kind: 'snapshot',
  architecture: 'aarch64',
  size: { stored: 600e6, virtual: 20_480_000_000, minDisk: 20_480_000_000, minRam: null },
  labels: { role: 'web' },
})

export const fromGlance = (image: Partial<Image> = {}): TransferSource => ({
  kind: 'image',
  image: { ...qcow2, ...image },
  capabilities: GLANCE,
})
export const fromHetzner = (image: Partial<Image> = {}): TransferSource => ({
  kind: 'image',
  image: { ...snapshot, ...image },
  capabilities: HETZNER,
})
export const toGlance = (more: Partial<Extract<TransferTarget, { kind: 'cloud' }>> = {}): TransferTarget => ({
  kind: 'cloud',
  cloud: { provider: 'openstack', cloud: 'lab', region: null },
  capabilities: GLANCE,
  ...more,
})
export const toHetzner = (more: Partial<Extract<TransferTarget, { kind: 'cloud' }>> = {}): TransferTarget => ({
  kind: 'cloud',
  cloud: { provider: 'hetzner', cloud: 'prod', region: null },
  capabilities: HETZNER,
  ...more,
})
export const toFile: TransferTarget = { kind: 'file', path: '/tmp/copy' }

export const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: Object.values(schemas) })
export const findFaults = (plan: Plan): unknown => {
  const validate = ajv.getSchema('urn:imago:schema:plan:3')
  return validate?.(JSON.parse(JSON.stringify(plan))) === true ? [] : validate?.errors
}
export const listChecks = ({ checks }: Plan, effect: 'blocks' | 'warns'): readonly PreflightCheckName[] =>
  checks.filter((check) => check.effect === effect).map(({ check }) => check)
export const listSteps = ({ steps }: Plan): readonly string[] => steps.map(({ step }) => step)
