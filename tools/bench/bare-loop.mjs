// The minimum work of any program: read a dump, parse each record, write it again.
import { createReadStream } from 'node:fs'

const [file, kind] = process.argv.slice(2)
const write = (text) =>
  process.stdout.write(text) ? null : new Promise((resolve) => process.stdout.once('drain', resolve))
let pieces = []
let gathered = 0
const put = (record) => {
  const line = `${JSON.stringify(record)}\n`
  gathered += line.length
  pieces.push(line)
  if (gathered < 1 << 18) return null
  const text = pieces.join('')
  pieces = []
  gathered = 0
  return write(text)
}

if (kind === 'ndjson') {
  // Splits lines manually: readline takes several times as long.
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 19 })) {
    const text = rest + chunk
    let from = 0
    for (let end = text.indexOf('\n'); end !== -1; from = end + 1, end = text.indexOf('\n', from)) {
      const waiting = put(JSON.parse(text.slice(from, end)))
      if (waiting) await waiting
    }
    rest = text.slice(from)
  }
  if (rest.trim() !== '') await put(JSON.parse(rest))
} else {
  const { readFileSync } = await import('node:fs')
  for (const record of JSON.parse(readFileSync(file, 'utf8')).images) {
    const waiting = put(record)
    if (waiting) await waiting
  }
}
process.stdout.write(pieces.join(''))
