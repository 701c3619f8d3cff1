import type { Dialect } from '@imago/core/provider'
import { gophercloud } from './gophercloud.ts'
import { openstackList } from './openstack-list.ts'
import { openstackShow, openstackShowTexts } from './openstack-show.ts'
import { openstacksdk } from './openstacksdk.ts'
import { pulumi } from './pulumi.ts'
import { recognizeGlance } from './recognize-image.ts'
import { shade } from './shade.ts'
import { terraform } from './terraform.ts'

const api: Dialect = {
  name: 'api',
  title: 'the API’s own: GET /v2/images, GET /v2/images/{id}; glanceclient',
  recognize: recognizeGlance,
}

/** Formats in which Glance images are stored in files. */
export const openstackDialects: readonly [Dialect, ...Dialect[]] = [
  api,
  shade,
  openstacksdk,
  terraform,
  pulumi,
  gophercloud,
  openstackShow,
  openstackShowTexts,
  openstackList,
]
