import { describe, expect, it } from '@jest/globals'
import { errorBody, getError, getValue } from '../local-api.ts'
import { createWritingSource, serveRoutes } from './writing-api.ts'

describe('delete', () => {
  it('returns Forbidden for a protected image', async () => {
    const api = await serveRoutes({
      'DELETE /images/7': { status: 423, json: errorBody('protected', 'image is protected') },
    })
    expect(await getError(createWritingSource(api).delete('7'))).toMatchObject({
      _tag: 'Forbidden',
      reason: 'protected',
      what: 'image 7 is protected',
      hint: 'Remove the protection first',
    })
    expect(api.requests()).toEqual(['DELETE /images/7'])
  })
  it('returns nothing', async () => {
    const api = await serveRoutes({ 'DELETE /images/7': { status: 204 } })
    expect(await getValue(createWritingSource(api).delete('7'))).toBeUndefined()
  })
})
