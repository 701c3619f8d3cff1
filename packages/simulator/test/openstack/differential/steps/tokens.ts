import { each, imageId, type Step } from '../step.ts'

const TOKENS = { service: 'keystone', method: 'POST', path: '/v3/auth/tokens', as: null } as const

const NONSENSE = {
  word: 'not-a-token',
  empty: '',
  blanks: 'a b',
  short: 'x',
  'a fernet head': 'gAAAAABh',
  'a made up fernet': `gAAAAABq${'A'.repeat(175)}`,
  'very long': 'x'.repeat(4000),
  hex: 'f'.repeat(32),
  quotes: `"it's"`,
  'too long for a token': 'y'.repeat(300),
  'base64 with padding': 'YWJj==',
}

const login = (identity: unknown, more: Readonly<Record<string, unknown>> = {}): Omit<Step, 'name'> => ({
  ...TOKENS,
  body: { auth: { identity, ...more } },
})

const DEMO = { name: 'demo', domain: { id: 'default' }, password: '{{password demo}}' }

const password = (user: unknown): unknown => ({ methods: ['password'], password: { user } })

const scoped = (scope: unknown): Omit<Step, 'name'> => login(password(DEMO), { scope })

const application = (credential: unknown): unknown => ({
  methods: ['application_credential'],
  application_credential: credential,
})

export const TOKENS_STEPS: readonly Step[] = [
  { name: 'token: none', as: null, path: '/v2/images' },
  ...each('token at Glance', NONSENSE, (token) => ({
    as: null,
    path: '/v2/images?limit=0',
    headers: { 'x-auth-token': token },
  })),
  ...each('token at Glance, accept', { html: 'text/html', none: '', all: '*/*' }, (accept) => ({
    as: null,
    path: `/v2/images/${imageId('nobody')}`,
    headers: { 'x-auth-token': 'not-a-token', accept },
  })),
  ...each('token at Keystone', NONSENSE, (token) => ({
    service: 'keystone' as const,
    as: null,
    path: '/v3/auth/projects',
    headers: { 'x-auth-token': token },
  })),
  ...each('token to validate', NONSENSE, (token) => ({
    service: 'keystone' as const,
    path: '/v3/auth/tokens',
    headers: { 'x-subject-token': token },
  })),
  ...each('token to revoke', { word: 'not-a-token', 'a made up fernet': NONSENSE['a made up fernet'] }, (token) => ({
    service: 'keystone' as const,
    method: 'DELETE',
    path: '/v3/auth/tokens',
    headers: { 'x-subject-token': token },
  })),
  { name: 'token to validate: none', service: 'keystone', path: '/v3/auth/tokens' },
  {
    name: 'token to validate: without a token',
    service: 'keystone',
    as: null,
    path: '/v3/auth/tokens',
    headers: { 'x-subject-token': 'x' },
  },
  { name: 'token at Keystone: none', service: 'keystone', as: null, path: '/v3/auth/projects' },
  ...each(
    'login body',
    {
      nothing: '',
      null: 'null',
      list: '[]',
      number: '1',
      text: '"x"',
      object: '{}',
      cut: '{"auth"',
      'auth null': '{"auth": null}',
      'auth list': '{"auth": []}',
      'auth text': '{"auth": "x"}',
      'auth empty': '{"auth": {}}',
    },
    (body) => ({ ...TOKENS, headers: { 'content-type': 'application/json' }, body }),
  ),
  { name: 'login body: as text', ...TOKENS, headers: { 'content-type': 'text/plain' }, body: '{}' },
  ...each(
    'login identity',
    {
      null: null,
      list: [],
      object: {},
      'methods null': { methods: null },
      'methods empty': { methods: [] },
      'methods text': { methods: 'password' },
      'methods number': { methods: [1] },
      'unknown method': { methods: ['magic'] },
      'unknown method with payload': { methods: ['magic'], magic: {} },
      'no payload': { methods: ['password'] },
      'payload null': { methods: ['password'], password: null },
      'payload empty': { methods: ['password'], password: {} },
      'user null': password(null),
      'user empty': password({}),
      'user list': password([]),
      'only a password': password({ password: 'x' }),
      'name without domain': password({ name: 'demo', password: 'x' }),
      'domain empty': password({ name: 'demo', domain: {}, password: 'x' }),
      'no password': password({ name: 'demo', domain: { id: 'default' } }),
      'wrong password': password({ ...DEMO, password: 'x' }),
      'password number': password({ ...DEMO, password: 5 }),
      'password null': password({ ...DEMO, password: null }),
      'unknown user': password({ ...DEMO, name: 'nobody' }),
      'unknown user id': password({ id: 'f'.repeat(32), password: 'x' }),
      'unknown domain': password({ ...DEMO, domain: { id: 'nowhere' } }),
      'unknown domain name': password({ ...DEMO, domain: { name: 'nowhere' } }),
      'name number': password({ ...DEMO, name: 5 }),
      'domain text': password({ ...DEMO, domain: 'default' }),
      'token empty': { methods: ['token'], token: {} },
      'token nonsense': { methods: ['token'], token: { id: 'not-a-token' } },
      'token null': { methods: ['token'], token: { id: null } },
      'token number': { methods: ['token'], token: { id: 5 } },
      'application credential empty': application({}),
      'application credential unknown': application({ id: 'f'.repeat(32), secret: 'x' }),
      'application credential no secret': application({ id: '{{credential id}}' }),
      'application credential wrong secret': application({ id: '{{credential id}}', secret: 'x' }),
      'application credential by name without user': application({ name: 'x', secret: 'y' }),
      'application credential secret number': application({ id: '{{credential id}}', secret: 5 }),
    },
    (identity) => login(identity),
  ),
  ...each(
    'login scope',
    {
      unknown: 'x',
      unscoped: 'unscoped',
      null: null,
      list: [],
      object: {},
      'project null': { project: null },
      'project empty': { project: {} },
      'project text': { project: 'demo' },
      'unknown project': { project: { id: 'f'.repeat(32) } },
      'foreign project': { project: { id: '{{project other}}' } },
      'name without domain': { project: { name: 'demo' } },
      'domain of another': { domain: { id: 'default' } },
      'unknown domain': { domain: { id: 'nowhere' } },
      'domain empty': { domain: {} },
      system: { system: { all: true } },
      'system empty': { system: {} },
      'system false': { system: { all: false } },
      two: { project: { id: '{{project demo}}' }, domain: { id: 'default' } },
      'unknown trust': { 'OS-TRUST:trust': { id: 'f'.repeat(32) } },
      'project number': { project: { id: 5 } },
      'unknown name': { project: { name: 'nowhere', domain: { id: 'default' } } },
      'unknown key': { planet: {} },
    },
    scoped,
  ),
  {
    name: 'login: application credential with a scope',
    ...login(application({ id: '{{credential id}}', secret: '{{credential secret}}' }), {
      scope: { project: { id: '{{project demo}}' } },
    }),
  },
  ...each(
    'keystone route',
    {
      unknown: '/v3/nonsense',
      v2: '/v2.0',
      tokens: '/v3/auth',
      users: '/v3/users',
      'a project': '/v3/projects/x',
      'a user': '/v3/users/x',
      'own project': '/v3/projects/{{project demo}}',
      'another project': '/v3/projects/{{project other}}',
      domains: '/v3/auth/domains',
      system: '/v3/auth/system',
      catalog: '/v3/auth/nonsense',
    },
    (path) => ({ service: 'keystone' as const, path }),
  ),
  ...each(
    'keystone method',
    {
      'put tokens': ['PUT', '/v3/auth/tokens'],
      'patch tokens': ['PATCH', '/v3/auth/tokens'],
      'post projects': ['POST', '/v3/auth/projects'],
    } as Readonly<Record<string, readonly [string, string]>>,
    ([method, path]) => ({ service: 'keystone' as const, method, path }),
  ),
]
