// Runs the steps of the workflow one after another, on a copy of the files.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const example = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pin-images-'))
for (const file of ['imago.images.yaml', 'images.lock.json']) cpSync(join(example, file), join(folder, file))

const step = (title, ...args) => {
  const { status, stdout, stderr } = spawnSync('imago', args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  process.stdout.write(`# ${title}\n$ imago ${args.join(' ')}\n${stdout}${stderr}exit ${status}\n\n`)
}

step('Every push: does the lock file match imago.images.yaml?', 'lock', '--check')
step('Every night: do the images still exist, unchanged?', 'verify', '--within', '90d')
step('Every week: the body of a pull request', 'update', '-o', 'markdown')
step('After the update, nothing is left to do', 'update')
step('IDs for Terraform', 'lock', '--locked', '-o', 'tfvars')
step('IDs for Packer', 'lock', '--locked', '-o', 'pkrvars')
step('IDs for Ansible', 'lock', '--locked', '-o', 'ansible')
step('IDs for a shell', 'lock', '--locked', '-o', 'env')
step('Find an image by its pin', 'find', '--locked', 'production:web')

rmSync(folder, { recursive: true })
