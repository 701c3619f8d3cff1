import type { Lab, LabUser } from '@imago/lab'
import type { OpenstackSimulator } from '@imago/simulator'
import type { User } from './step.ts'

/** A cloud to run the steps against. */
export interface Target {
  /** Endpoints without a version or a trailing slash. */
  readonly glance: string
  readonly keystone: string
  readonly tokens: Readonly<Record<User, string>>
  /** IDs by name. */
  readonly projects: Readonly<Record<'demo' | 'other' | 'admin', string>>
  readonly users: Readonly<Record<User, string>>
  readonly demoPassword: string
  readonly credential: { readonly id: string; readonly secret: string }
}

interface Login {
  readonly id: string
  readonly password: string
  readonly project: string
}

const logIn = async (keystone: string, { id, password, project }: Login): Promise<string> => {
  const auth = {
    identity: { methods: ['password'], password: { user: { id, password } } },
    scope: { project: { id: project } },
  }
  const response = await fetch(`${keystone}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  })
  const token = response.headers.get('x-subject-token')
  if (token === null) throw new Error(`no token from ${keystone}: ${response.status} ${await response.text()}`)
  return token
}

const logInAll = async (
  keystone: string,
  logins: Readonly<Record<User, Login>>,
): Promise<Readonly<Record<User, string>>> => ({
  demo: await logIn(keystone, logins.demo),
  reader: await logIn(keystone, logins.reader),
  other: await logIn(keystone, logins.other),
  admin: await logIn(keystone, logins.admin),
})

export const simulatorTarget = async (simulator: OpenstackSimulator): Promise<Target> => {
  const project = (name: string): string => simulator.projects.find((each) => each.name === name)?.id ?? ''
  const user = (name: string, of: string): Login => {
    const found = simulator.users.find((each) => each.name === name)
    return { id: found?.id ?? '', password: found?.password ?? '', project: project(of) }
  }
  const logins = {
    demo: user('demo', 'demo'),
    reader: user('reader', 'demo'),
    other: user('other', 'other'),
    admin: user('admin', 'admin'),
  }
  const [credential] = simulator.applicationCredentials
  const keystone = `${simulator.url}/identity`
  return {
    glance: `${simulator.url}/image`,
    keystone,
    tokens: await logInAll(keystone, logins),
    projects: { demo: project('demo'), other: project('other'), admin: project('admin') },
    users: { demo: logins.demo.id, reader: logins.reader.id, other: logins.other.id, admin: logins.admin.id },
    demoPassword: logins.demo.password,
    credential: { id: credential?.id ?? '', secret: credential?.secret ?? '' },
  }
}

export const labTarget = async (lab: Lab): Promise<Target> => {
  const login = ({ id, password, project }: LabUser): Login => ({
    id,
    password,
    project: (lab.projects as Readonly<Record<string, string>>)[project] ?? '',
  })
  const { demo, 'demo-reader': reader, other, admin } = lab.users
  const keystone = lab.authUrl.replace(/\/v3$/, '')
  return {
    glance: lab.imageUrl,
    keystone,
    tokens: await logInAll(keystone, {
      demo: login(demo),
      reader: login(reader),
      other: login(other),
      admin: login(admin),
    }),
    projects: lab.projects,
    users: { demo: demo.id, reader: reader.id, other: other.id, admin: admin.id },
    demoPassword: demo.password,
    credential: lab.applicationCredential,
  }
}
