import type { Capabilities } from '@imago/core'

/** The metadata that a target supports. */
export interface TargetSupport {
  readonly name: boolean
  readonly labels: boolean
  readonly tags: boolean
  readonly properties: boolean
  readonly minDisk: boolean
  readonly minRam: boolean
  readonly visibility: boolean
  readonly protect: boolean
  readonly hide: boolean
}

/** Derives the supported metadata from what the target can change. */
export const readTargetSupport = ({ changes, operations }: Capabilities): TargetSupport => ({
  name: changes.includes('name'),
  labels: changes.includes('labels'),
  tags: changes.includes('tags'),
  properties: changes.includes('properties'),
  minDisk: changes.includes('minDisk'),
  minRam: changes.includes('minRam'),
  visibility: operations.includes('setVisibility'),
  protect: operations.includes('protect'),
  hide: operations.includes('hide'),
})
