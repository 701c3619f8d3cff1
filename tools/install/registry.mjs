// A package registry on loopback for locally published packages; all others come from another registry.
// Verdaccio does the same, but needs Node 22.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

/** The body of a request, as JSON. */
const readJson = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

/** Starts a registry; `close` stops it. Packages that were not published to it are redirected to `upstream`, so that no credentials pass through. */
export const startRegistry = async (upstream) => {
  /** Packages by name, as clients send them. */
  const packages = new Map()
  /** Tarballs by path. */
  const tarballs = new Map()

  const publish = async (name, request, origin) => {
    const { versions, 'dist-tags': tags, _attachments: attachments } = await readJson(request)
    const known = packages.get(name) ?? { name, 'dist-tags': {}, versions: {}, time: {} }
    for (const [version, manifest] of Object.entries(versions)) {
      const attachment = Object.values(attachments).find(({ data }) => data !== undefined)
      const bytes = Buffer.from(attachment.data, 'base64')
      const path = `/${name}/-/${name.split('/').at(-1)}-${version}.tgz`
      tarballs.set(path, bytes)
      const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
      known.versions[version] = {
        ...manifest,
        dist: { integrity, shasum: createHash('sha1').update(bytes).digest('hex'), tarball: origin + path },
      }
      known.time[version] = new Date().toISOString()
    }
    Object.assign(known['dist-tags'], tags)
    packages.set(name, known)
  }

  const respond = async (request, response) => {
    const origin = `http://${request.headers.host}`
    const { pathname, search } = new URL(request.url, origin)
    const path = decodeURIComponent(pathname)
    const name = path.slice(1)
    const send = (status, type, body) =>
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
    if (request.method === 'PUT') {
      await publish(name, request, origin)
      return send(201, 'application/json', '{"ok":true}')
    }
    if (tarballs.has(path)) return send(200, 'application/octet-stream', tarballs.get(path))
    if (packages.has(name)) return send(200, 'application/json', JSON.stringify(packages.get(name)))
    // A single version, by number or tag: `/name/latest`.
    const [, owner, selector] = /^(.+)\/([^/]+)$/.exec(name) ?? []
    const known = packages.get(owner)
    if (known !== undefined) {
      const manifest = known.versions[known['dist-tags'][selector] ?? selector]
      return manifest === undefined
        ? send(404, 'application/json', '{}')
        : send(200, 'application/json', JSON.stringify(manifest))
    }
    return response
      .writeHead(302, { location: upstream.replace(/\/$/, '') + pathname + search, 'content-length': 0 })
      .end()
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error) =>
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${server.address().port}/`, packages, close }
}
