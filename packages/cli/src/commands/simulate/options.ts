import { choice, preset, text, type OptionsOf } from '../../command-line/option.ts'

export const options = {
  hetznerPort: text('<port>', 'serve Hetzner Cloud on this port (default: any free port)'),
  openstackPort: text('<port>', 'serve OpenStack on this port (default: any free port)'),
  images: text('<number>', 'add this many images to each cloud'),
  imageQuota: text('<number>', 'limit the number of images of each OpenStack project'),
  storageQuota: text('<size>', 'limit the total size of the images of each OpenStack project: 10GiB'),
  configDir: text('<directory>', 'write the configuration for imago, hcloud and openstack here, and keep it'),
  output: preset(choice('<format>', 'print in this format', ['table', 'json'], { short: 'o' }), 'table'),
}

export type SimulateOptions = OptionsOf<typeof options>
