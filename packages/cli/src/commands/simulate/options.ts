import { choice, preset, text, type OptionsOf } from '../../command-line/option.ts'

export const options = {
  hetznerPort: text('<port>', 'port of Hetzner Cloud (default: any free one)'),
  openstackPort: text('<port>', 'port of OpenStack (default: any free one)'),
  images: text('<number>', 'add this many images to each cloud'),
  imageQuota: text('<number>', 'limit the images of each OpenStack project'),
  storageQuota: text('<size>', 'limit the bytes of all images of each OpenStack project: 10GiB'),
  configDir: text('<directory>', 'write the configuration for imago, hcloud and openstack here, and leave it'),
  output: preset(choice('<format>', 'output format', ['table', 'json'], { short: 'o' }), 'table'),
}

export type SimulateOptions = OptionsOf<typeof options>
