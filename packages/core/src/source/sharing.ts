/** A change to the sharing of an image: its owner invites or withdraws a project; the invited project accepts or declines. */
export type ShareRequest =
  /** `project`: the other project, by ID, or by a name that the provider can look up. */
  | { readonly action: 'invite' | 'withdraw'; readonly project: string }
  /** `project`: the invited project. Default: the project of the credentials. */
  | { readonly action: 'accept' | 'decline'; readonly project?: string | undefined }

/** A project that an image is shared with. */
export interface ImageShare {
  readonly project: string
  readonly status: 'pending' | 'accepted' | 'declined' | 'unknown'
}
