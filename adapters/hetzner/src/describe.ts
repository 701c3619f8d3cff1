import type { CloudRow } from '@imago/provider-kit'
import type { HetznerCloud } from './config/cloud.ts'

/** A project for `imago clouds`. Neither its name nor its user can be known without asking, nor by asking. */
export const describe = ({ settings: { endpoint } }: HetznerCloud): CloudRow => ({
  url: endpoint,
  user: null,
  project: null,
  auth: 'token',
})
