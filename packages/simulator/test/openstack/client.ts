import type { OpenstackSimulator } from '@imago/simulator'

/** Requests a token for a user's default project. */
export const logIn = async (
  simulator: OpenstackSimulator,
  name: string,
  project = name === 'reader' ? 'demo' : name,
): Promise<string> => {
  const response = await fetch(`${simulator.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name, domain: { id: 'default' }, password: `${name}-password` } },
        },
        scope: { project: { name: project, domain: { id: 'default' } } },
      },
    }),
  })
  const token = response.headers.get('x-subject-token')
  if (token === null) throw new Error(`${name} cannot log in: ${response.status} ${await response.text()}`)
  return token
}
