import type { ImageRef } from '../image/values.ts'
import type { Evidence } from '../mapping/rule.ts'
import type { ReadState } from './read-state.ts'

/** A resource that an edge leads to. */
export interface ImageUser {
  readonly kind: 'server' | 'volume' | 'image' | 'launch-template'
  readonly id: string
  /** `null`: it has none, or the record that names it does not contain its name. */
  readonly name: string | null
}

/**
 * How a resource relates to an image.
 * - `uses`: it was created from the image, or needs it.
 * - `bound`: the image belongs to it and is deleted with it, as a backup with its server.
 * - `origin`: the image was created from it. This alone is no use: a snapshot of a running server may be deleted.
 */
export type UsageRelation = 'uses' | 'bound' | 'origin'

/** One reference between an image and a resource of the same cloud. The image may be gone: providers keep the IDs of deleted images. */
export interface UsageEdge {
  readonly image: ImageRef
  readonly by: ImageUser
  readonly relation: UsageRelation
  /** The wire path of the reference: `servers[].image.id`. */
  readonly via: string
  readonly evidence: Evidence
  /** Whether the resource breaks when the image is deleted. A server that merely started from it goes on. */
  readonly dependsOn: boolean
}

/** One list that edges are read from: `servers`, `volumes`, `images`. */
export interface EdgeSource extends ReadState {
  readonly name: string
}

/**
 * Whose use of images these credentials can see.
 * - `everyone`: all of it.
 * - `project`: that of one project. Images that other projects can use as well may have users that remain unseen.
 */
export type UsageView =
  | { readonly kind: 'everyone' }
  | {
      readonly kind: 'project'
      /** The value of `Image.owner` on images of this project; `null`: its images have no owner. */
      readonly project: string | null
      /** IDs of the project's images of visibility `shared` that other projects can use; `null`: not known, so any of them may. */
      readonly shared: readonly string[] | null
    }

/** What uses the images of one cloud, and how much of that was read. */
export interface Usage {
  readonly edges: readonly UsageEdge[]
  /** Every list that can hold edges, whether it was read or not. */
  readonly sources: readonly EdgeSource[]
  readonly view: UsageView
}
