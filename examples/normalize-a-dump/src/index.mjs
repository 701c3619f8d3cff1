// @ts-check
import { readFile } from 'node:fs/promises'
import { normalize } from 'imago'

const dump = JSON.parse(await readFile(new URL('../images.json', import.meta.url), 'utf8'))
const { items, rejected, drift } = normalize(dump)

for (const { ref, name, description, os, architecture, createdAt } of items) {
  console.log(
    `${ref.provider} ${ref.id}: ${name ?? description}, ${os.distro} ${os.version} on ${architecture}, created ${createdAt}`,
  )
}
console.log(`${items.length} images, ${rejected.length} rejected, ${drift.length} differences`)
