// @ts-check
// Shows which operating systems exist on both clouds, and under which names. Joins images by distribution, version and architecture.
import { readFile } from 'node:fs/promises'
import { normalize } from 'imago'

/** @typedef {import('imago').Image} Image */

/** @param {string} cloud */
const readImages = async (cloud) =>
  normalize(JSON.parse(await readFile(new URL(`../${cloud}.json`, import.meta.url), 'utf8')), { cloud }).items

/** The key to join by; `null` if one of the three values is unknown: unknown values are not equal. @param {Image} image */
const formatContent = ({ os, architecture }) =>
  os.distro === null || os.version === null || architecture === null
    ? null
    : `${os.distro} ${os.version} ${architecture}`

/** Hetzner's snapshots have no name, so their description is shown. @param {Image} image */
const formatLabel = ({ name, description }) => name ?? (description ? `(${description})` : '-')

const clouds = ['hetzner', 'openstack']
/** Content → cloud → labels. @type {Map<string, Map<string, string[]>>} */
const join = new Map()
/** @type {string[]} */
const unjoined = []

for (const cloud of clouds) {
  for (const image of await readImages(cloud)) {
    const content = formatContent(image)
    if (content === null) {
      unjoined.push(`${cloud}:${image.ref.id} ${formatLabel(image)}`)
      continue
    }
    const byCloud = join.get(content) ?? new Map()
    join.set(content, byCloud.set(cloud, [...(byCloud.get(cloud) ?? []), formatLabel(image)]))
  }
}

for (const [content, byCloud] of [...join].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${byCloud.size === clouds.length ? 'both' : 'one '}  ${content}`)
  for (const cloud of clouds)
    if (byCloud.has(cloud)) console.log(`        ${cloud}: ${(byCloud.get(cloud) ?? []).sort().join(', ')}`)
}
console.log('not joined, because distribution, version or architecture is unknown:')
for (const line of unjoined) console.log(`        ${line}`)
