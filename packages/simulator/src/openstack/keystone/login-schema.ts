/** The schema of `auth` in a token request: `token_issue` of keystone/auth/schema.py in Keystone 22. */
export const LOGIN_SCHEMA = {
  type: 'object',
  properties: {
    identity: {
      type: 'object',
      properties: {
        methods: { type: 'array', items: { type: 'string' } },
        password: {
          type: 'object',
          properties: {
            user: {
              type: 'object',
              properties: {
                id: { type: 'string' },
                name: { type: 'string' },
                password: { type: 'string' },
                domain: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } },
              },
            },
          },
        },
        token: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      },
      required: ['methods'],
    },
    scope: {
      type: ['object', 'string'],
      properties: {
        project: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            id: { type: 'string' },
            domain: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } },
          },
        },
        domain: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } },
        'OS-TRUST:trust': { type: 'object', properties: { id: { type: 'string' } } },
        system: { type: 'object', properties: { all: { type: 'boolean', enum: [true, false, null] } } },
      },
    },
  },
  required: ['identity'],
}
