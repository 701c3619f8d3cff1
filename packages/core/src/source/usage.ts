import type { ImageRef } from '../image/values.ts'
import type { Evidence } from '../mapping/rule.ts'
import type { ReadState } from './read-state.ts'

/** A resource that an edge leads to. */
export interface ImageUser {
  readonly kind: 'server' | 'volume' | 'image' | 'launch-template'
  readonly id: string
  /** `null`: it has no name, or the name is not in the record with the reference. */
  readonly name: string | null
}

/**
 * How a resource relates to an image.
 * - `uses`: it was created from the image, or needs it.
 * - `bound`: the image belongs to it and is deleted with it, as a backup with its server.
 * - `origin`: the image was created from it. This alone does not make the image used: a snapshot of a running server can be deleted.
 */
export type UsageRelation = 'uses' | 'bound' | 'origin'

/** One reference between an image and a resource of the same cloud. The image may be deleted: providers keep the IDs of deleted images. */
export interface UsageEdge {
  readonly image: ImageRef
  readonly by: ImageUser
  readonly relation: UsageRelation
  /** The wire path of the reference: `servers[].image.id`. */
  readonly via: string
  readonly evidence: Evidence
  /** Whether the resource breaks when the image is deleted. A server that was only created from it continues to run. */
  readonly dependsOn: boolean
}

/** One list that edges are read from: `servers`, `volumes`, `images`. */
export interface EdgeSource extends ReadState {
  readonly name: string
}

/**
 * Whose use of images these credentials can see.
 * - `everyone`: all of it. `project`: that of the credentials, as below; absent: all images belong to them.
 * - `project`: that of one project. Images that other projects can also use may have users that are not visible.
 */
export type UsageView =
  | { readonly kind: 'everyone'; readonly project?: string | null | undefined }
  | {
      readonly kind: 'project'
      /** The value of `Image.owner` on images of this project; `null`: its images have no owner. */
      readonly project: string | null
      /** IDs of the project's `shared` images that other projects can use; `null`: unknown, so it may be any of them. */
      readonly shared: readonly string[] | null
    }

/** What uses the images of one cloud, and how much of that was read. */
export interface Usage {
  readonly edges: readonly UsageEdge[]
  /** Every list that can contain edges, including those that were not read. */
  readonly sources: readonly EdgeSource[]
  readonly view: UsageView
}
