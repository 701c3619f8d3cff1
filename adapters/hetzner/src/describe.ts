import type { CloudRow } from '@imago/provider-kit'
import type { HetznerCloud } from './config/cloud.ts'

/** A row of `imago clouds`. The API reports neither the project's name nor the user. */
export const describe = ({ settings: { endpoint } }: HetznerCloud): CloudRow => ({
  url: endpoint,
  user: null,
  project: null,
  auth: 'token',
})
