import { describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { getCloud, idsIn, PROVIDERS, simulatedClouds } from './clouds.ts'
import { jumpingTime } from './time.ts'

// Each run of a property lists several pages over real connections.
jest.setTimeout(120_000)

const { list, strike, simulator, asked, clock } = simulatedClouds()

describe.each(PROVIDERS)('%s: faults of the connection', (provider) => {
  const cloud = getCloud(provider)

  it('returns the complete list if a connection breaks once, at any byte', async () => {
    const { stdout: expected } = await list([cloud])
    await fc.assert(
      fc.asyncProperty(fc.nat(40_000), fc.nat(1), async (atByte, after) => {
        simulator(provider).faults.clear()
        strike(provider, { kind: 'reset', atByte }, { times: 1, after })
        const { code, stdout } = await list([cloud])
        expect({ code, stdout }).toEqual({ code: 0, stdout: expected })
      }),
      {
        numRuns: 12,
        examples: [
          [0, 0],
          [1, 1],
        ],
      },
    )
  })

  it('fails after the documented number of attempts if the connection always breaks', async () => {
    strike(provider, { kind: 'reset', atByte: 100 })
    const { code, stdout, stderr } = await list([cloud])
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toMatch(
      /: list images: the response was truncated after \d+ of \d+ bytes \(E\w+\) \(GET \/\S+\)\. Retry; if it ends there again, check the server and the file\n$/,
    )
    expect(asked(provider)).toHaveLength(provider === 'hetzner' ? 6 : 3)
  })

  it('fails if a response is truncated at any byte and claims to be complete', async () => {
    const { stdout: expected } = await list([cloud])
    await fc.assert(
      fc.asyncProperty(fc.nat(2000), async (atByte) => {
        simulator(provider).faults.clear()
        strike(provider, { kind: 'truncate', atByte }, { after: 1 })
        const { code, stdout, stderr } = await list([cloud])
        expect(code).toBe(1)
        expect(stderr).toMatch(/: list images: the response is (?:not valid JSON|empty)/)
        expect(expected.startsWith(stdout)).toBe(true)
        expect(stdout.length).toBeLessThan(expected.length)
      }),
      { numRuns: 12, examples: [[0]] },
    )
  })

  it('waits for a slow response', async () => {
    const { stdout: expected } = await list([cloud])
    strike(provider, { kind: 'slow', bytesPerSecond: 200_000 })
    strike(provider, { kind: 'latency', ms: 50 })
    expect(await list([cloud])).toMatchObject({ code: 0, stdout: expected, stderr: '' })
  })

  it.each([
    ['before its first byte', 0],
    ['after 300 bytes', 300],
  ])('retries a response that stalls once, %s', async (_, atByte) => {
    const { stdout: expected } = await list([cloud])
    strike(provider, { kind: 'stall', atByte }, { times: 1, after: 1 })
    expect(await list([cloud], { time: jumpingTime({ start: clock().now(), silenceMs: 1000 }) })).toMatchObject({
      code: 0,
      stdout: expected,
      stderr: '',
    })
  })

  it('reports the timeout of a response that always stalls', async () => {
    strike(provider, { kind: 'stall', atByte: 300 })
    const { code, stdout, stderr } = await list([cloud], {
      time: jumpingTime({ start: clock().now(), silenceMs: 300 }),
    })
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toMatch(/: list images: the response of http:\/\/127\.0\.0\.1:\d+ did not end within 60 s \(GET /)
    expect(asked(provider)).toHaveLength(provider === 'hetzner' ? 6 : 3)
  })

  it('fails without a retry if a response is too large', async () => {
    strike(provider, { kind: 'oversize', bytes: 70 * 1024 ** 2 })
    const { code, stdout, stderr } = await list([cloud])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/: list images: the body of the response is larger than 67108864 bytes \(GET /)
    expect(asked(provider)).toHaveLength(1)
  })

  it('reads a large response within the limit', async () => {
    const { stdout: expected } = await list([cloud])
    strike(provider, { kind: 'oversize', bytes: 8 * 1024 ** 2 }, { times: 1 })
    const { code, stdout } = await list([cloud])
    expect({ code, ids: idsIn(stdout) }).toEqual({ code: 0, ids: idsIn(expected) })
  })
})
