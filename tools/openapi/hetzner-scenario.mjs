// Calls each operation of a Hetzner simulator, in an order in which each succeeds, and causes the errors of each.

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl someone@example.test'

/** [operation, path parameters, query, body]; `made` holds the results of earlier steps. */
const steps = (made) => [
  ['GET /images', {}, ''],
  ['GET /images', {}, '?include_deprecated=true&sort=name:desc&per_page=3&page=2'],
  ['GET /images', {}, '?type=backup&type=snapshot&status=available'],
  ['GET /images/{id}', { id: 161_547_269 }],
  ['GET /images/{id}', { id: 3 }],
  ['PUT /images/{id}', { id: 350_000_002 }, '', { description: 'new', labels: { a: 'b' } }],
  ['POST /images/{id}/actions/change_protection', { id: 350_000_002 }, '', { delete: true }],
  ['GET /images/{id}/actions', { id: 350_000_002 }],
  ['GET /images/{id}/actions/{action_id}', () => ({ id: 350_000_002, action_id: made.action.id })],
  ['GET /images/actions', {}],
  ['GET /images/actions/{id}', () => made.action],
  ['DELETE /images/{id}', { id: 350_000_003 }],
  ['GET /actions', {}, () => `?id=${made.action.id}`],
  ['GET /actions/{id}', () => made.action],
  ['GET /isos', {}, '?architecture=arm&include_architecture_wildcard=true'],
  ['GET /isos', {}],
  ['GET /isos/{id}', { id: 124_000 }],
  ['GET /locations', {}],
  ['GET /locations/{id}', { id: 1 }],
  ['GET /datacenters', {}],
  ['GET /datacenters/{id}', { id: 2 }],
  ['GET /server_types', {}],
  ['GET /server_types/{id}', { id: 114 }],
  ['GET /pricing', {}],
  ['GET /volumes', {}],
  ['POST /ssh_keys', {}, '', { name: 'mine', public_key: KEY }],
  ['GET /ssh_keys', {}],
  ['GET /ssh_keys/{id}', () => made.ssh_key],
  ['PUT /ssh_keys/{id}', () => made.ssh_key, '', { name: 'renamed' }],
  ['DELETE /ssh_keys/{id}', () => made.ssh_key],
  ['POST /servers', {}, '', { name: 'new', server_type: 'cx23', image: 'debian-12' }],
  ['GET /servers', {}],
  ['GET /servers/{id}', () => made.server],
  ['PUT /servers/{id}', () => made.server, '', { labels: { a: 'b' } }],
  ...[
    'enable_backup',
    'create_image',
    'enable_rescue',
    'disable_rescue',
    'shutdown',
    'poweron',
    'poweroff',
    'reboot',
    'reset',
    'disable_backup',
  ].map((action) => [`POST /servers/{id}/actions/${action}`, () => made.server, '', {}]),
  ['POST /servers/{id}/actions/attach_iso', () => made.server, '', { iso: 'netboot.xyz.iso' }],
  ['POST /servers/{id}/actions/detach_iso', () => made.server, '', {}],
  ['POST /servers/{id}/actions/rebuild', () => made.server, '', { image: 'ubuntu-24.04' }],
  ['GET /servers/{id}', () => made.server],
  ['POST /servers/{id}/actions/change_protection', () => made.server, '', { delete: false, rebuild: false }],
  ['GET /servers/actions', {}],
  ['GET /servers/actions/{id}', () => made.action],
  ['GET /servers/{id}/actions', () => made.server],
  ['GET /servers/{id}/actions/{action_id}', () => ({ id: made.server.id, action_id: made.action.id })],
  ['DELETE /servers/{id}', () => made.server],
]

const fill = (path, parameters) => path.replaceAll(/\{(\w+)\}/g, (_, name) => String(parameters[name]))

/** Data centers are removed since October 2026: https://docs.hetzner.cloud/changelog#2026-06-02-datacenters-deprecated. */
const isRemoved = (era, operation) => era === '2026' && operation.startsWith('GET /datacenters')

/** Returns every response with its operation and expected outcome. `era`: the API version of the simulator. */
export const collectAnswers = async (simulator, moveClock, era) => {
  const recordings = []
  const made = { action: { id: 0 }, server: { id: 0 }, ssh_key: { id: 0 } }

  const ask = async (operation, url, what, isWanted, { token = simulator.token, body } = {}) => {
    const [method] = operation.split(' ')
    const headers = {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const response = await fetch(simulator.url + url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const recorded = { operation, what, status: response.status, body: text === '' ? null : JSON.parse(text) }
    if (!isWanted(response.status))
      throw new Error(`${operation}, ${what}: the simulator answered ${response.status} ${text}`)
    recordings.push(recorded)
    return recorded
  }

  for (const [operation, parameters, query = '', body] of steps(made)) {
    const values = typeof parameters === 'function' ? parameters() : parameters
    const [method, path] = operation.split(' ')
    const url = fill(path, values) + (typeof query === 'function' ? query() : query)
    if (isRemoved(era, operation)) {
      await ask(operation, url, 'removed', (status) => status === 410)
      continue
    }
    const recorded = await ask(operation, url, 'success', (status) => status < 300, { body })
    // Operations that start an action are called again while it runs, which is refused, and afterwards.
    if (method === 'POST' && path.startsWith('/servers/'))
      await ask(
        operation,
        url,
        'locked',
        (status) => (path.endsWith('change_protection') ? status === 201 : status === 423),
        { body },
      )
    Object.assign(
      made,
      Object.fromEntries(
        ['action', 'server', 'ssh_key']
          .filter((key) => recorded.body?.[key] !== undefined)
          .map((key) => [key, recorded.body[key]]),
      ),
    )
    if (recorded.body?.action?.status === 'running')
      await ask('GET /actions/{id}', `/actions/${recorded.body.action.id}`, 'running', (status) => status === 200)
    moveClock(3000)
  }

  for (const operation of simulator.operations) {
    const [method, path] = operation.split(' ')
    const missing = fill(path, { id: 1_000_001, action_id: 1 })
    const wrong = method === 'GET' ? `${missing}?page=0&sort=nonsense` : missing
    const body = method === 'POST' || method === 'PUT' ? { nonsense: true } : undefined
    await ask(operation, missing, 'without a token', (status) => status === 401, { token: null })
    if (method !== 'GET')
      await ask(operation, missing, 'with a token that may only read', (status) => status === 401 || status === 403, {
        token: simulator.readOnlyToken,
        body,
      })
    if (path.includes('{'))
      await ask(
        operation,
        wrong,
        'of what is not there',
        (status) => status === (isRemoved(era, operation) ? 410 : 404),
        { body },
      )
    else if (path !== '/pricing')
      await ask(operation, wrong, 'with wrong input', (status) => status === 422 || status === 410, { body })
    for (const status of [429, 500, 503]) {
      simulator.faults.add({ times: 1, fault: { kind: 'status', status } })
      await ask(operation, missing, 'in trouble', (one) => one === status)
    }
    moveClock(10_000)
  }
  return recordings
}
