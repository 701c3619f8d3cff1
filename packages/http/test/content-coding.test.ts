import { createErrorSite } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parseContentCodings, decodeContent } from '../src/content-coding.ts'
import { toHeaders } from '../src/headers.ts'

const SITE = createErrorSite({ provider: 'file', cloud: null }, 'copy')
const PACKED = gzipSync(createHash('shake256', { outputLength: 50_000 }).update('imago').digest())

describe('content codings', () => {
  it.each([
    ['gzip', ['gzip']],
    [' GZIP , br', ['gzip', 'br']],
    ['identity', []],
    ['aws-chunked, gzip', ['gzip']],
    ['gzip, '.repeat(50), ['gzip', 'gzip', 'gzip']],
    [null, []],
  ])('parses %j as %j', (header, codings) => {
    expect(parseContentCodings(toHeaders(header === null ? [] : [['Content-Encoding', header]]))).toEqual(codings)
  })

  it('closes the source when left before the first chunk', async () => {
    let close = (): void => undefined
    const closed = new Promise<void>((resolve) => (close = resolve))
    async function* source() {
      try {
        yield PACKED.subarray(0, 5000)
        yield PACKED.subarray(5000)
      } finally {
        close()
      }
    }
    const { bytes, decoded } = await decodeContent(source(), ['gzip'], SITE)
    expect(decoded).toEqual(['gzip'])
    await bytes[Symbol.asyncIterator]().return?.()
    await closed
  })

  /** Runs in its own process, which an unhandled error would end. */
  it('does not end the process if a truncated body is not read', () => {
    const code = `
    import { gzipSync } from 'node:zlib'
    import { randomBytes } from 'node:crypto'
    import { decodeContent } from ${JSON.stringify(join(__dirname, '..', 'dist', 'index.js'))}
    const { decoded } = await decodeContent((async function* () { yield gzipSync(randomBytes(50_000)).subarray(0, 5000) })(), ['gzip'], {})
    setTimeout(() => console.log(decoded.join()), 100)
  `
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: 'gzip\n',
      stderr: '',
    })
  })
})
