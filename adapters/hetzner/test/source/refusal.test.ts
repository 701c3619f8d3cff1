import { describe, expect, it } from '@jest/globals'
import { errorBody, getError, type Reply } from '../local-api.ts'
import { createWritingSource, serveRoutes, SNAPSHOT } from './writing-api.ts'

describe('a change that the API refuses', () => {
  const table = (image: object, refusal: Reply) => ({
    'GET /images/7': { json: { image } },
    'PUT /images/7': refusal,
    'DELETE /images/7': refusal,
    'POST /images/7/actions/change_protection': refusal,
  })

  it.each([
    [403, 'forbidden'],
    [404, 'not_found'],
    [422, 'invalid_input'],
    [423, 'locked'],
  ])('is Forbidden for an image of Hetzner: %d %s', async (status, code) => {
    for (const type of ['system', 'app']) {
      const api = await serveRoutes(table({ id: 7, type, description: 'Debian' }, { status, json: errorBody(code) }))
      for (const [operation, answer] of [
        ['update', createWritingSource(api).update('7', { description: 'mine' })],
        ['delete', createWritingSource(api).delete('7')],
        ['protect', createWritingSource(api).protect('7', true)],
      ] as const) {
        expect(await getError(answer)).toMatchObject({
          _tag: 'Forbidden',
          operation,
          what: 'image 7 belongs to Hetzner',
          reason: 'not_own',
          request: { status },
        })
      }
    }
  })

  it('keeps the error of the API for other images and a read-only token', async () => {
    const api = await serveRoutes(table(SNAPSHOT, { status: 423, json: errorBody('locked', 'image is locked') }))
    expect(await getError(createWritingSource(api).delete('7'))).toMatchObject({
      _tag: 'Conflict',
      what: 'image is locked',
    })
    const gone = await serveRoutes({})
    expect(await getError(createWritingSource(gone).delete('7'))).toMatchObject({
      _tag: 'NotFound',
      what: 'image not found: 7',
      operation: 'delete',
    })
    const readOnly = await serveRoutes(
      table({ id: 7, type: 'system' }, { status: 403, json: errorBody('token_readonly') }),
    )
    expect(await getError(createWritingSource(readOnly).delete('7'))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'token_readonly',
    })
    expect(readOnly.requests()).toEqual(['DELETE /images/7'])
  })

  it('is Rejected for the protection of a backup', async () => {
    const api = await serveRoutes(table({ id: 7, type: 'backup' }, { status: 422, json: errorBody('invalid_input') }))
    expect(await getError(createWritingSource(api).protect('7', true))).toMatchObject({
      _tag: 'Rejected',
      what: 'image 7 is a backup; only snapshots can be protected',
      hint: 'Convert it to a snapshot first',
    })
    expect(await getError(createWritingSource(api).delete('7'))).toMatchObject({
      _tag: 'Rejected',
      what: 'it is invalid_input',
    })
  })
})
