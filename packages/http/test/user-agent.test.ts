import { describe, expect, it } from '@jest/globals'
import { userAgent } from '../src/user-agent.ts'
import { answer, GET, scripted } from './scripted.ts'

describe('userAgent', () => {
  it('adds the user agent and a new ID to each request, unless its headers set them', async () => {
    const { client, requests } = scripted(answer(200))
    let ids = 0
    const send = userAgent({
      userAgent: 'imago/1',
      requestId: { header: 'X-Openstack-Request-Id', next: () => `req-${++ids}` },
    })(client)({ ...GET, headers: { a: 'b' } })
    await send()
    await send()
    await userAgent({ userAgent: 'imago/1' })(client)({ ...GET, headers: { 'user-agent': 'mine' } })()
    expect(requests.map(({ headers }) => headers)).toEqual([
      { 'user-agent': 'imago/1', 'x-openstack-request-id': 'req-1', a: 'b' },
      { 'user-agent': 'imago/1', 'x-openstack-request-id': 'req-2', a: 'b' },
      { 'user-agent': 'mine' },
    ])
  })
})
