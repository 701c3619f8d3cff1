import { describe, expect, it } from '@jest/globals'
import { pages } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { getCloud, idsIn, LOGIN, PROVIDERS, simulatedClouds } from './clouds.ts'

const clouds = simulatedClouds()
const { list, strike, asked, logins, run, openstack, clock } = clouds

describe('Keystone’s token', () => {
  it('is renewed by one login if it is revoked between two pages', async () => {
    const { stdout: expected } = await list(['lab'])
    expect(logins()).toBe(1)
    strike('openstack', { kind: 'expire-token' }, { after: 1, times: 1 })
    const { code, stdout, stderr, debug } = await list(['lab'])
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: expected })
    expect(logins()).toBe(3)
    expect(debug.filter((line) => / 401 /.test(line))).toHaveLength(1)
  })

  it('is renewed before it expires between two pages', async () => {
    const { stdout: expected } = await list(['lab'])
    const before = logins()
    const { code, stdout, debug } = await run(async (live) => {
      const target = live.discovered.clouds.find(({ name }) => name === 'lab')
      const opened = await live.open(target!)
      if (E.isLeft(opened)) throw new Error('not opened')
      let count = 0
      // Reads single pages, so that the token expires before the second one.
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await opened.right.listPage({}, cursor ?? null, { pageSize: 100 })()
        if (E.isLeft(page)) throw new Error(page.left.what)
        count += page.right.items.length
        for (const { ref } of page.right.items) live.output.write(`${JSON.stringify({ ref })}\n`)
        cursor = page.right.next
        clock().advance(3_595_000)
        await live.timing.sleep(3_595_000)
      }
      return count > 0 ? 0 : 1
    })
    expect({ code, ids: idsIn(stdout) }).toEqual({ code: 0, ids: idsIn(expected) })
    expect(asked('openstack').length).toBeGreaterThan(2)
    expect(logins() - before).toBeGreaterThan(1)
    expect(debug.filter((line) => / 401 /.test(line))).toEqual([])
  })

  it('is renewed by one login for many concurrent requests', async () => {
    const { code } = await run(async (live) => {
      const target = live.discovered.clouds.find(({ name }) => name === 'lab')
      const opened = await live.open(target!)
      if (E.isLeft(opened)) throw new Error('not opened')
      const one = async (): Promise<number> => {
        let count = 0
        for await (const page of pages(opened.right)) count += E.isRight(page) ? page.right.items.length : Number.NaN
        return count
      }
      const counts = await Promise.all(Array.from({ length: 12 }, one))
      expect(logins()).toBe(1)
      strike('openstack', { kind: 'expire-token' }, { after: 3, times: 1 })
      expect(await Promise.all(Array.from({ length: 12 }, one))).toEqual(counts)
      return 0
    })
    expect(code).toBe(0)
    expect(logins()).toBe(2)
  })

  it('causes an error after one more login if every token is refused', async () => {
    strike('openstack', { kind: 'status', status: 401 })
    const { code, stdout, stderr } = await list(['lab'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^imago: openstack\/lab: list images: .*HTTP 401/)
    expect({ logins: logins(), asked: asked('openstack').length }).toEqual({ logins: 2, asked: 2 })
  })

  it('causes an error after the received images if it is revoked and the password has changed', async () => {
    strike('openstack', { kind: 'expire-token' }, { after: 1, times: 1 })
    openstack().faults.add({ ...LOGIN, after: 1, fault: { kind: 'status', status: 401 } })
    const { code, stdout, stderr } = await list(['lab'])
    expect(code).toBe(1)
    expect(idsIn(stdout).length).toBeGreaterThan(0)
    expect(stderr).toMatch(/^imago: openstack\/lab: list images: Keystone .*HTTP 401/)
    expect(stderr.split('\n')).toHaveLength(2)
  })
})

describe('Hetzner’s token', () => {
  it('causes an error without a retry if it is invalid', async () => {
    const { code, stdout, stderr } = await list(['wrong'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^imago: hetzner\/wrong: list images: the token was not accepted: .*HTTP 401.*Check the token of this cloud/,
    )
    expect(asked('hetzner')).toHaveLength(1)
  })

  it('causes an error after the received images if it is revoked between two pages', async () => {
    strike('hetzner', { kind: 'status', status: 401 }, { after: 1 })
    const { code, stdout, stderr } = await list(['prod'])
    expect(code).toBe(1)
    expect(idsIn(stdout)).toHaveLength(50)
    expect(stderr).toMatch(/^imago: hetzner\/prod: list images: the token was not accepted/)
    expect(stderr.split('\n')).toHaveLength(2)
  })
})

describe('secrets', () => {
  // `run` searches all output for secrets, including the debug log. Here the response contains them.
  it.each(PROVIDERS)('%s: are masked in an error that repeats the token', async (provider) => {
    const token = clouds.hetzner().token
    const leak = `Bearer ${token} and gAAAAABmAAAAAAAAAAAAAAAAAAAAAAAAAA are not accepted, https://demo:demo-password@host/`
    const body = JSON.stringify(
      provider === 'hetzner'
        ? { error: { code: 'forbidden', message: leak } }
        : { message: leak, code: '403 Forbidden', title: 'Forbidden' },
    )
    strike(provider, {
      kind: 'status',
      status: 403,
      body,
      headers: { 'x-openstack-request-id': `req-${token}`, 'x-correlation-id': token },
    })
    const { code, stderr, debug } = await list([getCloud(provider)])
    expect(code).toBe(1)
    expect(stderr).toMatch(/ are not accepted/)
    expect(debug.some((line) => / 403 /.test(line))).toBe(true)
  })
})
