// Writes data/support.json, the dates of the end of support, from copies of its two sources:
//
//   node update-support.mjs PRODUCTS DISTRO_INFO REVISION
//
// PRODUCTS is the folder `products` of https://github.com/endoflife-date/endoflife.date at REVISION (`git log -1 --format='%H %cs'`), DISTRO_INFO the
// version of distro-info-data whose files are in /usr/share/distro-info. Then run `node generate.mjs`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const [products, distroInfo, revision = ''] = process.argv.slice(2)
const [commit, date] = revision.split(' ')
if (products === undefined || distroInfo === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date ?? '')) {
  process.stderr.write("usage: node update-support.mjs PRODUCTS DISTRO_INFO 'COMMIT YYYY-MM-DD'\n")
  process.exit(2)
}
const DISTRO_INFO_FOLDER = '/usr/share/distro-info'

/**
 * The products to copy. `systems` are IDs of the crosswalk; `extended` is the meaning of the column `eoes`, if the product has it: Debian's LTS
 * is free, the others are paid.
 */
const PRODUCTS = {
  almalinux: { systems: ['almalinux'] },
  'alpine-linux': { systems: ['alpine'] },
  'amazon-linux': { systems: ['amzn'] },
  centos: { systems: ['centos'] },
  'centos-stream': { systems: ['centos'], version: (cycle) => `stream${cycle}` },
  cos: { systems: ['cos'], version: (cycle) => cycle.replace(/^cos-/, '') },
  debian: { systems: ['debian'], extended: 'lts' },
  devuan: { systems: ['devuan'] },
  fedora: { systems: ['fedora'] },
  freebsd: { systems: ['freebsd'] },
  linuxmint: { systems: ['linuxmint'] },
  mageia: { systems: ['mageia'] },
  netbsd: { systems: ['netbsd'] },
  nixos: { systems: ['nixos'] },
  openbsd: { systems: ['openbsd'] },
  opensuse: { systems: ['opensuse', 'opensuse-leap'] },
  'oracle-linux': { systems: ['ol'], extended: 'paid' },
  'oracle-solaris': { systems: ['solaris'], extended: 'paid' },
  rhel: { systems: ['rhel'], extended: 'paid' },
  'rocky-linux': { systems: ['rocky'] },
  slackware: { systems: ['slackware'] },
  sles: { systems: ['sles'], extended: 'paid' },
  ubuntu: { systems: ['ubuntu'], extended: 'paid' },
  'windows-server': { systems: ['windows'], extended: 'paid' },
}

const known = new Set(
  JSON.parse(readFileSync(new URL('data/crosswalk.json', import.meta.url), 'utf8')).operatingSystems.map(
    ({ id }) => id,
  ),
)

/** Reads a date as `YYYY-MM-DD`. endoflife.date also has `true` (ended) and `false` (not ended), without a date. */
const toDate = (value) => {
  if (typeof value === 'boolean' || value === undefined || value === null) return null
  const text = value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error(`not a date: ${text}`)
  return text
}

const readProduct = (product) => {
  const file = join(products, `${product}.md`)
  if (!existsSync(file)) throw new Error(`missing: ${file}`)
  const [, frontMatter] = readFileSync(file, 'utf8').split(/^---$/m)
  return parse(frontMatter).releases
}

const toReleases = ([product, { systems, extended, version = (cycle) => cycle }]) =>
  readProduct(product).flatMap(({ releaseCycle, codename, releaseDate, eol, eoes }) =>
    systems.map((system) => {
      if (!known.has(system)) throw new Error(`unknown operating system: ${system}`)
      return {
        system,
        version: version(String(releaseCycle)),
        codename: codename ?? null,
        released: toDate(releaseDate),
        standardEnd: toDate(eol),
        ltsEnd: extended === 'lts' ? toDate(eoes) : null,
        paidEnd: extended === 'paid' ? toDate(eoes) : null,
        sources: ['endoflife'],
      }
    }),
  )

/** The end of Debian's paid ELTS. Only distro-info-data has it. */
const addDebianElts = (releases) => {
  const [head, ...rows] = readFileSync(join(DISTRO_INFO_FOLDER, 'debian.csv'), 'utf8').trim().split('\n')
  const column = head.split(',').indexOf('eol-elts')
  const ends = new Map(rows.map((row) => row.split(',')).map((cells) => [cells[0], cells[column] ?? '']))
  return releases.map((release) => {
    const end = release.system === 'debian' ? (ends.get(release.version) ?? '') : ''
    return end === '' ? release : { ...release, paidEnd: end, sources: [...release.sources, 'distro-info'] }
  })
}

const compare = (a, b) =>
  a.system.localeCompare(b.system, 'en') || a.version.localeCompare(b.version, 'en', { numeric: true })

const releases = addDebianElts(Object.entries(PRODUCTS).flatMap(toReleases)).toSorted(compare)

const sources = {
  endoflife: {
    title: `endoflife.date, commit ${commit}`,
    url: 'https://github.com/endoflife-date/endoflife.date',
    license: 'MIT, Copyright 2020 endoflife.date contributors',
    date,
  },
  'distro-info': {
    title: `distro-info-data ${distroInfo}`,
    url: 'https://salsa.debian.org/debian/distro-info-data',
    license: 'ISC, Copyright 2009-2023 Benjamin Drung, 2009-2021 Stefano Rivera',
    date: new Date().toISOString().slice(0, 10),
  },
}

const lines = releases.map((release) => `    ${JSON.stringify(release)}`).join(',\n')
const text = `{
  "$schema": "./support.schema.json",
  "date": ${JSON.stringify(date)},
  "sources": {
${Object.entries(sources)
  .map(([key, source]) => `    ${JSON.stringify(key)}: ${JSON.stringify(source)}`)
  .join(',\n')}
  },
  "releases": [
${lines}
  ]
}
`
writeFileSync(new URL('data/support.json', import.meta.url), text)
process.stdout.write(`${releases.length} releases of ${new Set(releases.map(({ system }) => system)).size} systems\n`)
