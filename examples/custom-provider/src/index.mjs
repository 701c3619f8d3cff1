// @ts-check
import { readFile } from 'node:fs/promises'
import { explainRecord, normalize, readers, findRecords } from 'imago'
import { digitaloceanReader } from './digitalocean.mjs'

const document = JSON.parse(await readFile(new URL('../images.json', import.meta.url), 'utf8'))
const options = { readers: [...readers, digitaloceanReader] }

const { items, drift } = normalize(document, options)
for (const { ref, name, kind, status, os, architecture, size } of items) {
  console.log(
    `${ref.provider}:${ref.id}  ${name}  ${kind}, ${status}  ${os.distro} ${os.version} ${architecture}  ${size.stored} bytes`,
  )
}

console.log('\nunexpected:')
for (const one of drift) console.log(`  ${one.kind} at ${one.pointer}`)

console.log('\nthe first one, explained:')
for (const { record, pointer } of findRecords(document).slice(0, 1)) {
  const explained = explainRecord(record, pointer, options)
  if (explained._tag === 'Left') continue
  for (const { field, value, evidence, why } of explained.right.fields) {
    if (evidence !== 'unsupported')
      console.log(`  ${field.padEnd(14)} ${evidence.padEnd(8)} ${JSON.stringify(value)} – ${why}`)
  }
}
