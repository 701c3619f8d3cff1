// The harness's own requests to a lab, without imago and the proxy.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const fail = async (what, response) => {
  throw new Error(`${what}: ${response.status} ${(await response.text()).slice(0, 300)}`)
}

/** One project of a lab. */
export const openCloud = (state, user) => {
  const { authUrl, imageUrl } = JSON.parse(readFileSync(join(state, 'lab.json'), 'utf8'))
  const password = 'labsecret'
  let token = null
  let tokenUntil = 0
  const login = async () => {
    const domain = { name: 'Default' }
    const identity = { methods: ['password'], password: { user: { name: user, domain, password } } }
    const response = await fetch(`${authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { name: user, domain } } } }),
    })
    if (!response.ok) await fail('login', response)
    const { issued_at: issued, expires_at: expires } = (await response.json()).token
    tokenUntil = Date.now() + (Date.parse(expires) - Date.parse(issued)) / 2
    return response.headers.get('x-subject-token')
  }
  /** Returns a token that remains valid for a while. */
  const tokenNow = async () => {
    if (Date.now() >= tokenUntil) token = await login()
    return token
  }
  const ask = async (method, path, { body, type = 'application/json', allow = [] } = {}) => {
    const headers = { 'x-auth-token': await tokenNow(), ...(body === undefined ? {} : { 'content-type': type }) }
    const response = await fetch(`${imageUrl}${path}`, { method, headers, body })
    if (allow.includes(response.status)) return null
    if (!response.ok) await fail(`${method} ${path}`, response)
    const text = await response.text()
    return text === '' ? null : JSON.parse(text)
  }
  return {
    state,
    user,
    authUrl,
    glancePort: Number(new URL(imageUrl).port),
    create: (fields) => ask('POST', '/v2/images', { body: JSON.stringify(fields) }),
    upload: (id, bytes) => ask('PUT', `/v2/images/${id}/file`, { body: bytes, type: 'application/octet-stream' }),
    /** Returns all images that the project can see, in every state. */
    images: async () => (await ask('GET', '/v2/images?limit=1000&visibility=all')).images,
    protect: (id, protect) =>
      ask('PATCH', `/v2/images/${id}`, {
        body: JSON.stringify([{ op: 'replace', path: '/protected', value: protect }]),
        type: 'application/openstack-images-v2.1-json-patch',
        allow: [404],
      }),
    remove: (id) => ask('DELETE', `/v2/images/${id}`, { allow: [404] }),
    /** Revokes a token in Keystone. */
    revoke: async (subject) => {
      await fetch(`${authUrl}/auth/tokens`, {
        method: 'DELETE',
        headers: { 'x-auth-token': subject, 'x-subject-token': subject },
      })
    },
  }
}
