// The main job, shown: saved dumps of both providers become one table, and one image is explained field by field.
import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')
const hetzner = join('schemas', 'hetzner', 'fixtures', 'dumps', 'hcloud-cli-1.39.0-image-list.json')
const openstack = join('schemas', 'openstack', 'fixtures', 'dumps', 'openstacksdk-0.101.0-images.json')

const show = (what, args) => {
  process.stdout.write(`\n${what}\n\n$ ./node_modules/.bin/imago ${args.join(' ')}\n`)
  const { status } = spawnSync(process.execPath, [imago, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

show('The images of two clouds, as their own clients saved them, in one table:', ['normalize', hetzner, openstack])
show('One of them, explained: each value, how far it can be relied on, and where it comes from:', ['explain', openstack, '--id', '6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70'])
process.stdout.write(`
Your own:   hcloud image list -o json | ${relative(root, join(root, 'node_modules', '.bin', 'imago'))} normalize
            openstack image list --long -f json | ${relative(root, join(root, 'node_modules', '.bin', 'imago'))} normalize
More:       README.md
`)
