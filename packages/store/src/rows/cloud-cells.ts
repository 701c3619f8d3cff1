import type { CloudIdentity } from '@imago/core'
import { storableText, type Row } from './cell.ts'
import { cloudKey } from './keys.ts'

/** The cells of `cloud_key`, `provider`, `cloud` and `region`. */
export const cloudCells = (cloud: CloudIdentity): Row => [
  storableText(cloudKey(cloud)),
  storableText(cloud.provider),
  cloud.cloud === null ? null : storableText(cloud.cloud),
  cloud.region === null ? null : storableText(cloud.region),
]
