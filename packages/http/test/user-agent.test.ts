import { expect, test } from '@jest/globals'
import { userAgent } from '../src/user-agent.ts'
import { answer, GET, scripted } from './scripted.ts'

test('userAgent says who asks, with a new id for each request that is run; the request’s own headers go before', async () => {
  const { client, requests } = scripted(answer(200))
  let ids = 0
  const asked = userAgent({
    userAgent: 'imago/1',
    requestId: { header: 'X-Openstack-Request-Id', next: () => `req-${++ids}` },
  })(client)({ ...GET, headers: { a: 'b' } })
  await asked()
  await asked()
  await userAgent({ userAgent: 'imago/1' })(client)({ ...GET, headers: { 'user-agent': 'mine' } })()
  expect(requests.map(({ headers }) => headers)).toEqual([
    { 'user-agent': 'imago/1', 'x-openstack-request-id': 'req-1', a: 'b' },
    { 'user-agent': 'imago/1', 'x-openstack-request-id': 'req-2', a: 'b' },
    { 'user-agent': 'mine' },
  ])
})
