// A separate lab for benchmarks, and its tokens.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { up } from '../../lab/scripts.mjs'
import { remove, removeStaleStates, stateByHand } from '../../lab/states.mjs'

/** Starts a lab, runs `use` with it, and always removes it. */
export const withLab = async (use) => {
  const state = stateByHand('bench')
  await removeStaleStates()
  try {
    await up(state)
    await use(JSON.parse(readFileSync(join(state, 'lab.json'), 'utf8')), state)
  } finally {
    await remove([state])
  }
}

/** Requests a token of a lab user for its project. */
export const createToken = async ({ authUrl, users }, user) => {
  const { name, password, project } = users[user]
  const domain = { name: 'Default' }
  const identity = { methods: ['password'], password: { user: { name, password, domain } } }
  const response = await fetch(`${authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } }),
  })
  if (response.status !== 201) throw new Error(`Keystone answered ${response.status}`)
  return response.headers.get('x-subject-token')
}

/** Returns the environment of clients of the lab. */
export const toEnvironment = ({ cloudsYaml }) => ({
  OS_CLIENT_CONFIG_FILE: cloudsYaml,
  no_proxy: '127.0.0.1',
  NO_PROXY: '127.0.0.1',
})
