import { describe, expect, it } from '@jest/globals'
import { getCloud, idsIn, PROVIDERS, simulatedClouds } from './clouds.ts'

const { list, strike, asked, simulator } = simulatedClouds()

describe.each(PROVIDERS)('%s: invalid pages', (provider) => {
  const cloud = getCloud(provider)

  it('prints an image on several pages once', async () => {
    const { stdout: expected } = await list([cloud])
    strike(provider, { kind: 'duplicate' })
    const { code, stdout } = await list([cloud])
    expect({ code, ids: idsIn(stdout) }).toEqual({ code: 0, ids: idsIn(expected) })
  })

  it.each([0, 1])('fails after the received images if page %d links to itself', async (after) => {
    const { stdout: expected } = await list([cloud])
    const before = asked(provider).length
    strike(provider, { kind: 'loop' }, { after })
    const { code, stdout, stderr } = await list([cloud])
    expect(code).toBe(1)
    // Glance's first page has no marker, so its link to itself is invalid.
    const circles =
      provider === 'openstack' && after === 0
        ? /: list images: the response is not what Glance documents: \/next: expected a link with a marker/
        : /: list images: the listing does not end: a page was returned twice\. Report this bug; the list may be incomplete\n$/
    expect(stderr).toMatch(circles)
    const ids = idsIn(stdout)
    expect(new Set(ids).size).toBe(ids.length)
    expect(idsIn(expected).slice(0, ids.length)).toEqual(ids)
    expect(asked(provider).length - before).toBeLessThan(before + 4)
  })

  it('reports unreadable records, counts unexpected values, and reads the other records', async () => {
    const { stdout: expected } = await list([cloud])
    const pageCount = asked(provider).length
    strike(provider, { kind: 'odd-records' })
    const { code, stdout, stderr } = await list([cloud], {})
    expect(code).toBe(4)
    const ids = idsIn(stdout)
    for (const id of idsIn(expected)) expect(ids).toContain(id)
    // Four of the five odd records have an ID, which is the same on each page.
    expect(ids).toHaveLength(idsIn(expected).length + 4)
    const lines = stderr.split('\n').slice(0, -1)
    expect(lines).toHaveLength(pageCount + 1)
    for (const line of lines.slice(0, -1))
      expect(line).toMatch(new RegExp(`^${provider}/${cloud}[^ ]*: .*/id: expected `))
    expect(lines.at(-1)).toMatch(new RegExp(`^${ids.length} images, ${pageCount} rejected, \\d+ differences `))
  })

  it('prints images with unknown words, wrong types and missing fields', async () => {
    strike(provider, { kind: 'odd-records' })
    const { stdout } = await list([cloud])
    const images = stdout
      .split('\n')
      .slice(0, -1)
      .map(
        (line) =>
          JSON.parse(line) as {
            readonly ref: { readonly id: string }
            readonly status: string
            readonly size: unknown
            readonly raw: object
          },
      )
    const odd = images.filter(({ ref }) => /^(?:900000\d|0{8}-0{4}-4000-a000-0{11}\d)$/.test(ref.id))
    expect(odd).toHaveLength(4)
    expect(odd[0]).toMatchObject({ status: 'unknown', raw: { status: 'verifying' } })
    expect(odd[2]).toMatchObject({ size: { stored: null }, createdAt: null })
    expect(odd[3]).toMatchObject({ name: null, status: 'unknown' })
  })

  it('fails if a page is not a list', async () => {
    for (const body of ['{}', '[]', 'null', '"images"', '{"images":null}', '{"images":{"0":{}}}', '']) {
      simulator(provider).faults.clear()
      strike(provider, { kind: 'status', status: 200, body })
      const { code, stdout, stderr } = await list([cloud])
      expect({ body, code, stdout }).toEqual({ body, code: 1, stdout: '' })
      expect(stderr).toMatch(/: list images: the (?:answer|response) is /)
    }
  })
})

describe('a response that is nested too deep, or has too many values', () => {
  const deep = (levels: number): string => '{"a":['.repeat(levels) + ']}'.repeat(levels)

  it.each(PROVIDERS)('%s: fails, and the other cloud is listed', async (provider) => {
    const other = provider === 'hetzner' ? 'openstack' : 'hetzner'
    const { stdout: expected } = await list([getCloud(other)])
    for (const body of [
      deep(1_000_000),
      `{"images":[{"id":1,"odd":${deep(3000)}}]}`,
      `{"images":[${'{},'.repeat(1_000_000)}{}]}`,
    ]) {
      simulator(provider).faults.clear()
      strike(provider, { kind: 'status', status: 200, body })
      const { code, stdout, stderr } = await list([getCloud(provider), getCloud(other)])
      expect({ code, stdout }).toEqual({ code: 1, stdout: expected })
      expect(stderr).toMatch(
        /: list images: the response (?:is nested deeper than 2048 levels|has more than 1000000 values) \(GET [^)]*\)\./,
      )
    }
  })
})

describe('a server that ignores the requested page', () => {
  const first = (provider: 'hetzner' | 'openstack', page: number): string =>
    provider === 'hetzner'
      ? JSON.stringify({
          images: [{ id: 1 }, { id: 2 }],
          meta: {
            pagination: {
              page,
              per_page: 2,
              next_page: page + 1,
              previous_page: null,
              last_page: 1000,
              total_entries: 2000,
            },
          },
        })
      : JSON.stringify({
          images: [{ id: '5d7eb3a5-05ec-4ff8-9a1c-dd2f5e9d4d01' }],
          next: '/v2/images?marker=5d7eb3a5-05ec-4ff8-9a1c-dd2f5e9d4d01',
        })

  it.each(PROVIDERS)('%s: fails instead of listing endlessly', async (provider) => {
    strike(provider, { kind: 'status', status: 200, body: first(provider, 1) })
    const { code, stdout, stderr } = await list([getCloud(provider)])
    expect(code).toBe(1)
    expect(idsIn(stdout)).toHaveLength(provider === 'hetzner' ? 2 : 1)
    expect(stderr).toMatch(/the listing does not end/)
    expect(asked(provider).length).toBeLessThan(200)
  })
})
