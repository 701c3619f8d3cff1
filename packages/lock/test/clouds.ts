import { type CloudIdentity, type Evidence, type FieldName, type Image, type ImageKind } from '@imago/core'
import { READ } from '@imago/core/provider'
import { bareImage, type ImageValues } from '@imago/testkit'
import type { ObservedCloud, OwnProject } from '../src/index.ts'

export const NOW = '2026-11-22T12:00:00Z'

export const PLAIN: CloudIdentity = { provider: 'plain', cloud: 'production', region: null }
export const OWNED: CloudIdentity = { provider: 'owned', cloud: 'demo', region: 'one' }

/** An image that can be used, of a provider whose images have no owner. */
export const usable = (id: string, fields: ImageValues = {}, cloud: CloudIdentity = PLAIN): Image =>
  bareImage(
    id,
    {
      kind: 'system',
      status: 'available',
      visibility: 'public',
      architecture: 'x86_64',
      os: { distro: 'ubuntu', version: '24.04' },
      createdAt: '2026-01-01T00:00:00Z',
      ...fields,
    },
    cloud,
  )

export interface ObservedOptions {
  readonly cloud?: CloudIdentity
  readonly project?: OwnProject
  readonly isComplete?: boolean
  readonly immutableKinds?: readonly ImageKind[]
  readonly evidence?: (image: Image, field: FieldName) => Evidence
}

export const observed = (
  images: readonly Image[],
  { cloud = PLAIN, project, isComplete = true, immutableKinds = [], evidence = () => 'declared' }: ObservedOptions = {},
): ObservedCloud => ({
  cloud,
  images: isComplete ? { ...READ, items: images } : { completeness: 'failed', reason: 'no connection', items: images },
  project,
  immutableKinds,
  evidence,
})
