/** A resource that an interrupted run created for itself and did not delete: a server, an SSH key, an image without data. */
export interface OrphanedResource {
  readonly kind: 'server' | 'ssh-key' | 'image'
  readonly id: string
  readonly name: string | null
  /** The run that created it. */
  readonly run: string
  /** The epoch of the run when it was created; `null`: unknown, as for resources of older versions. */
  readonly epoch: number | null
  /** RFC 3339, in UTC; `null`: unknown. */
  readonly createdAt: string | null
}
