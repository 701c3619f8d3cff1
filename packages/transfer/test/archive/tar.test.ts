import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ArchiveFault } from '../../src/archive/fault.ts'
import { isTar, readTarEntries } from '../../src/archive/tar.ts'
import { createSeekingInput, createStreamInput } from '../../src/archive/tar-input.ts'
import { countedSource, entryBytes, gnuArchives, SPARSE_DISK, createTar } from './archives.ts'

const chunked = async function* (bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = async (
  bytes: Uint8Array,
  chunk = 10_000,
): Promise<readonly { readonly name: string; readonly kind: string; readonly data: Buffer }[]> => {
  const found = []
  for await (const { name, kind, content } of readTarEntries(createStreamInput(chunked(bytes, chunk)))) {
    const data: Uint8Array[] = []
    for await (const piece of content()) data.push(piece)
    found.push({ name, kind, data: Buffer.concat(data) })
  }
  return found
}

const readFault = async (bytes: Uint8Array): Promise<string> => {
  try {
    await read(bytes)
    return 'none'
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return `${thrown.kind}: ${thrown.message}`
    throw thrown
  }
}

const archive = (name: string): Buffer => gnuArchives.get(name) ?? Buffer.alloc(0)

describe('readTarEntries', () => {
  it.each([...gnuArchives.keys()].filter((name) => name.startsWith('sparse')))(
    'returns a sparse file with its holes: %s',
    async (name) => {
      const [entry, ...others] = await read(archive(name))
      expect(entry?.name).toBe('disk.raw')
      expect(entry?.data.equals(SPARSE_DISK)).toBe(true)
      expect(others).toEqual([])
    },
  )

  it.each([...gnuArchives.keys()].filter((name) => name.startsWith('long name')))(
    'reads a long name: %s',
    async (name) => {
      const [entry] = await read(archive(name))
      expect(entry?.name).toBe(`${'a-directory-with-a-name/'.repeat(6)}disk.raw`)
      expect(entry?.data.equals(Buffer.alloc(1000, 7))).toBe(true)
    },
  )

  it('reads archives from before POSIX', async () => {
    expect((await read(archive('version 7'))).map(({ name, data }) => `${name} ${data.length}`)).toEqual([
      'small.raw 1000',
    ])
  })

  it('returns the same entries however the bytes are split into chunks', async () => {
    const bytes = createTar(
      { name: './a.raw', data: 'x'.repeat(513) },
      { name: 'b', type: 'Directory' },
      { name: 'c', type: 'SymbolicLink' },
      { name: 'd', data: '' },
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1600 }), async (chunk) => {
        expect((await read(bytes, chunk)).map(({ name, kind, data }) => `${name} ${kind} ${data.length}`)).toEqual([
          'a.raw file 513',
          'b directory 0',
          'c link 0',
          'd file 0',
        ])
      }),
    )
  })

  it('refuses an archive truncated before its end marker', async () => {
    const bytes = createTar({ name: 'a', data: 'x'.repeat(600) }, { name: 'b', data: 'y' })
    const whole = bytes.length - 1024 + 512
    expect(await readFault(bytes.subarray(0, 0))).toMatch(/^truncated/)
    for (let length = 512; length < whole; length += 17)
      expect(await readFault(bytes.subarray(0, length))).toMatch(/^truncated: it ends /)
    expect(await readFault(bytes.subarray(0, whole))).toBe('none')
  })

  it('refuses a header of more than 8 MiB, with the limit', async () => {
    const header = entryBytes({ name: 'pax', type: 'ExtendedHeader', size: 9_000_000 })
    expect(await readFault(header)).toBe(
      'unsupported: a header in it has 9000000 bytes, and at most 8388608 are supported',
    )
  })

  it('refuses a sparse archive truncated in its map or data', async () => {
    for (const name of ['sparse, old GNU', 'sparse, PAX 1.0', 'sparse, PAX 0.1']) {
      const bytes = archive(name)
      for (const length of [600, 1200, 2000, 60_000])
        expect(await readFault(bytes.subarray(0, length))).toMatch(/^truncated: it ends /)
    }
  })

  it('throws only ArchiveFault and returns no extra bytes for damaged archives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...gnuArchives.keys()),
        fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 4 }),
        fc.boolean(),
        async (name, changes, repaired) => {
          const bytes = Buffer.from(archive(name).subarray(0, 20_000))
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          if (repaired) {
            // With a corrected checksum of the first header, the rest of the archive is read.
            bytes.fill(0x20, 148, 156)
            const sum = bytes.subarray(0, 512).reduce((all, byte) => all + byte, 0)
            bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
          }
          let given = 0
          try {
            for await (const { content } of readTarEntries(createStreamInput(chunked(bytes, 4096)))) {
              for await (const piece of content()) {
                given += piece.length
                if (given > 2 ** 26) return
              }
            }
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(ArchiveFault)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('refuses a sparse map with overlapping or outside segments', async () => {
    const whole = archive('sparse, PAX 1.0')
    const at = whole.indexOf('31\n0\n4096\n1048576\n')
    const changed = (text: string): Buffer => {
      const bytes = Buffer.from(whole)
      bytes.write(text, at)
      return bytes
    }
    expect(at).toBeGreaterThan(0)
    expect(await readFault(changed('31\n9\n4096\n1048576\n'))).toBe('none')
    for (const map of [
      '31\n0\n4097\n1048576\n',
      '31\n0\n4096\n0000001\n',
      '31\n0\n4096\n9999999\n',
      '31\n-\n4096\n1048576\n',
      '99\n0\n4096\n1048576\n',
    ])
      expect(await readFault(changed(map))).toMatch(/^damaged: the map/)
  })

  it('refuses an archive with too many entries quickly', async () => {
    const one = createTar({ name: 'etc/a' }).subarray(0, 512)
    const many = async function* (): AsyncGenerator<Uint8Array> {
      const block = Buffer.concat(Array.from({ length: 1000 }, () => one))
      for (let index = 0; index < 1000; index += 1) yield block
    }
    const entries = async (): Promise<number> => {
      let count = 0
      for await (const _ of readTarEntries(createStreamInput(many()))) count += 1
      return count
    }
    await expect(entries()).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('more than 20000 entries'),
    })
  })

  it('reads only the headers of skipped entries if the source supports ranges', async () => {
    const { source, read: bytesRead } = countedSource(
      createTar(
        { name: 'a', data: Buffer.alloc(5_000_000) },
        { name: 'b', data: Buffer.alloc(5_000_000) },
        { name: 'c' },
      ),
    )
    const names: string[] = []
    for await (const { name } of readTarEntries(createSeekingInput(source, source.size ?? 0))) names.push(name)
    expect(names).toEqual(['a', 'b', 'c'])
    expect(bytesRead()).toBeLessThan(300_000)
  })
})

describe('isTar', () => {
  it('recognizes every tar variant by the checksum of its first header', () => {
    for (const bytes of gnuArchives.values()) expect(isTar(bytes)).toBe(true)
  })

  it('returns false for zeros and other bytes', () => {
    expect(isTar(Buffer.alloc(512))).toBe(false)
    expect(isTar(Buffer.alloc(100, 1))).toBe(false)
    expect(isTar(Buffer.alloc(512, 0x41))).toBe(false)
  })
})
