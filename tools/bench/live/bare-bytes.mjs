// node bare-bytes.mjs CONFIG [FILE DIGEST]: transfers as `curl --config CONFIG` does, by Node alone, as the floor of programs on Node. With FILE, it
// writes the response there, and fails unless it has the SHA-512 DIGEST.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'

const CHUNK = 2 ** 20
const [config, file, digest] = process.argv.slice(2)
const text = readFileSync(config, 'utf8')
/** The value of a line `name = "value"`. */
const read = (name) => {
  const start = `${name} = "`
  return text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.slice(start.length, -1)
}
const [, token] = /X-Auth-Token: ([^"]+)/.exec(text)
const upload = read('upload-file')

const sending = request(read('url'), {
  agent: false,
  method: upload === undefined ? 'GET' : 'PUT',
  headers: {
    'x-auth-token': token,
    ...(upload === undefined
      ? {}
      : { 'content-type': 'application/octet-stream', 'content-length': statSync(upload).size }),
  },
})
const responding = once(sending, 'response')
if (upload === undefined) sending.end()
else await pipeline(createReadStream(upload, { highWaterMark: CHUNK }), sending)
const [response] = await responding
if (response.statusCode > 299) throw new Error(`Glance answered ${response.statusCode}`)
if (file === undefined) response.resume()
else {
  const hash = createHash('sha512')
  const hashed = async function* (chunks) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(response, hashed, createWriteStream(file, { highWaterMark: CHUNK }))
  if (hash.digest('hex') !== digest) throw new Error('the download has another digest')
}
