import { createMasker, formatError } from '@imago/core/provider'
import { sendForText, maskResponses, toHeaders, type TextResponse } from '@imago/http'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import fc from 'fast-check'
import { toLogin } from '../../src/auth/login-response.ts'
import type { LoginContext } from '../../src/auth/login-error.ts'
import { tokenRequest } from '../../src/auth/login-request.ts'
import { readReceipt } from '../../src/auth/receipt.ts'
import { readVersions } from '../../src/auth/versions.ts'

const SECRET = 'correct horse battery staple'

const context: LoginContext = {
  cloud: { provider: 'openstack', cloud: 'lab', region: null },
  auth: {
    kind: 'keystone',
    url: 'https://id.example/v3',
    methods: [{ method: 'password', user: { id: 'u1' }, password: SECRET }],
    scope: null,
  },
  clock: () => 0,
}

const answer = (status: number, text: string, headers: Readonly<Record<string, string>>): TextResponse => ({
  kind: 'text',
  status,
  url: 'https://id.example/v3/auth/tokens',
  headers: toHeaders(Object.entries(headers)),
  text,
})

const statuses = fc.constantFrom(200, 201, 204, 300, 302, 400, 401, 403, 404, 409, 410, 413, 418, 429, 500, 501, 503)
const texts = fc.oneof(
  fc.string(),
  fc.json(),
  fc.record({ token: fc.jsonValue() }).map((body) => JSON.stringify(body)),
  fc
    .record({
      error: fc.record({
        code: fc.jsonValue(),
        title: fc.jsonValue(),
        message: fc.string().map((text) => `${text}${SECRET}${text}`),
      }),
    })
    .map((body) => JSON.stringify(body)),
)
const headers = fc.dictionary(
  fc.constantFrom('x-subject-token', 'openstack-auth-receipt', 'retry-after', 'content-type', 'date'),
  fc.string(),
)

describe('toLogin', () => {
  it('toLogin returns a login, or an error without secrets, for any response', async () => {
    await fc.assert(
      fc.asyncProperty(statuses, texts, headers, async (status, text, some) => {
        // Masks secrets, as each client of a session does.
        const client = maskResponses(createMasker())(() => TE.right(answer(status, text, some)))
        const asked = await sendForText(client)(
          tokenRequest({ methods: context.auth.kind === 'keystone' ? context.auth.methods : [], scope: null }, null),
        )()
        const response = E.isRight(asked) ? asked.right : answer(0, '', {})
        const login = toLogin(context, 'https://id.example/v3', response)
        if (E.isRight(login)) {
          expect(status).toBeLessThan(300)
          expect(login.right.headers['x-auth-token']).toBe(some['x-subject-token'])
        } else expect(formatError(login.left)).toMatch(/^openstack\/lab: login: (?!.*correct horse)/)
      }),
    )
  })

  it('readReceipt and readVersions accept any response', () => {
    fc.assert(
      fc.property(statuses, texts, headers, (status, text, some) => {
        const response = answer(status, text, some)
        expect(readReceipt(response) === null || status === 401).toBe(true)
        expect(readVersions(response)?.length).not.toBe(0)
      }),
    )
  })
})
