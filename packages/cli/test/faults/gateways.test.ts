import { describe, expect, it } from '@jest/globals'
import type { Fault } from '@imago/simulator'
import { getCloud, idsIn, PROVIDERS, simulatedClouds, type ProviderName } from './clouds.ts'

const { list, strike, asked } = simulatedClouds()

const each = (faults: readonly (readonly [string, Fault])[]): readonly (readonly [ProviderName, string, Fault])[] =>
  PROVIDERS.flatMap((provider) => faults.map(([name, fault]) => [provider, name, fault] as const))

describe('temporary errors of a gateway are retried', () => {
  it.each(
    each([
      ['its page for 502', { kind: 'html', status: 502 }],
      ['its page for 504', { kind: 'html', status: 504 }],
      ['a connection that breaks within the response', { kind: 'reset', atByte: 700 }],
    ]),
  )('%s: %s', async (provider, _, fault) => {
    const expected = await list([getCloud(provider)])
    expect(expected).toMatchObject({ code: 0, stderr: '' })
    const before = asked(provider).length
    expect(before).toBeGreaterThan(1)
    strike(provider, fault, { after: 1, times: 2 })
    const { code, stdout, stderr, time } = await list([getCloud(provider)])
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: expected.stdout })
    // The faults cause two more requests, with a pause before each.
    expect(asked(provider).length).toBe(2 * before + 2)
    expect(time.waits).toHaveLength(2)
    expect(Math.min(...time.waits)).toBeGreaterThanOrEqual(250)
  })

  it.each(PROVIDERS)('%s: a correct response with a wrong content type is read', async (provider) => {
    const expected = await list([getCloud(provider)])
    for (const value of ['text/html; charset=utf-8', 'application/octet-stream', 'nonsense']) {
      strike(provider, { kind: 'content-type', value })
      expect(idsIn((await list([getCloud(provider)])).stdout)).toEqual(idsIn(expected.stdout))
    }
  })
})

describe('permanent errors of a gateway are reported as temporary, with their cause', () => {
  it.each(
    each([
      ['502', { kind: 'html', status: 502 }],
      ['503', { kind: 'html', status: 503 }],
      ['504', { kind: 'html', status: 504 }],
      ['503 in its own form', { kind: 'status', status: 503 }],
    ]),
  )('%s: %s', async (provider, _, fault) => {
    strike(provider, fault)
    const { code, stdout, stderr } = await list([getCloud(provider)])
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(
        `^imago: ${provider}/${getCloud(provider)}: list images: [^<>{}]*\\(GET \\S+, HTTP 50\\d[^)]*\\)\\.[^<>{}]*\n$`,
      ),
    )
    // One request and five retries. Hetzner's 503 is not retried, as in hcloud.
    expect(asked(provider)).toHaveLength(provider === 'hetzner' && 'status' in fault && fault.status === 503 ? 1 : 6)
  })

  it.each(PROVIDERS)('%s: images received before the gateway failed are printed', async (provider) => {
    const all = idsIn((await list([getCloud(provider)])).stdout)
    strike(provider, { kind: 'html', status: 502 }, { after: 1 })
    const { code, stdout, stderr } = await list([getCloud(provider)])
    const some = idsIn(stdout)
    expect(code).toBe(5)
    expect(stderr.split('\n')).toHaveLength(2)
    expect(some.length).toBeGreaterThan(0)
    expect(some).toEqual(all.slice(0, some.length))
    expect(some.length).toBeLessThan(all.length)
  })

  it.each(PROVIDERS)('%s: a gateway’s web page in place of a list is an error', async (provider) => {
    strike(provider, { kind: 'html', status: 200 })
    const { code, stdout, stderr } = await list([getCloud(provider)])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      provider === 'hetzner'
        ? /: list images: the response is not valid JSON \(content type: text\/html[^)]*\) \(GET /
        : /: list images: a web page responded instead of Glance: “200 OK” at http:\S+ \(GET /,
    )
    expect(stderr).not.toContain('<')
    expect(asked(provider)).toHaveLength(1)
  })
})
