// A user's program: it is type-checked, bundled and run against the published packages.
import { readFileSync } from 'node:fs'
import { formatError, normalize, toClient, type Image, type ImageError } from 'imago'
import { connect } from 'imago/live'

const dump: unknown = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const { items, rejected } = normalize(dump)

const describe = ({ ref, os, architecture, size }: Image): string =>
  `${ref.provider}:${ref.id} ${os.distro ?? '-'} ${architecture ?? '-'} ${size.stored ?? '-'}`
for (const image of items) console.log(describe(image))
console.log(`${items.length} images, ${rejected.length} rejected`)

const report = (error: ImageError): string => formatError(error)
const listAll = async (): Promise<void> => {
  const { clouds, problems, close } = await connect()
  for (const problem of problems) console.error(report(problem))
  for (const { name, source } of clouds) {
    const { items: images } = await toClient(source).listAll()
    console.log(`${name}: ${images.some(({ os }) => os.distro === 'debian') ? 'has Debian' : 'no Debian'}`)
  }
  close()
}
void listAll()
