import type { Dialect } from '@imago/core/provider'
import { ansible } from './ansible.ts'
import { withAction } from './create-image.ts'
import { hcloudGo } from './hcloud-go.ts'
import { hcloudPython } from './hcloud-python.ts'
import { hcloud } from './hcloud.ts'
import { pulumi } from './pulumi.ts'
import { recognizeHetzner } from './recognize-image.ts'
import { terraform } from './terraform.ts'

const api: Dialect = { name: 'api', title: 'the API’s own: GET /images, GET /images/{id}', recognize: recognizeHetzner }

/** The shapes of saved images of Hetzner. */
export const hetznerDialects: readonly [Dialect, ...Dialect[]] = [
  api,
  withAction,
  hcloud,
  hcloudGo,
  hcloudPython,
  terraform,
  pulumi,
  ansible,
]
