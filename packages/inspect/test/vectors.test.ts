import { describe, expect, it } from '@jest/globals'
import { failed, inspect, vectors } from './images.ts'

/** Where imago differs from the reference; docs/safety.md has the reasons. */
const DIFFERENCES: Readonly<
  Record<
    string,
    { readonly formats: readonly string[]; readonly failed: readonly string[]; readonly virtualSize: number | null }
  >
> = {
  // To the reference, anything shorter than 512 bytes is raw. QEMU opens such a qcow2 file.
  'qcow2-truncated-100B': { formats: ['qcow2'], failed: ['truncated'], virtualSize: 67_108_864 },
  // The reference gives the length of the file, which is not the size of the disk.
  qed: { formats: ['qed'], failed: ['banned'], virtualSize: null },
  // To the reference these are several formats; Glance then takes these two for an ISO.
  'iso+gpt': { formats: ['gpt', 'iso'], failed: [], virtualSize: 2_048_000 },
  // The reference gives a negative size.
  luks1: { formats: ['luks'], failed: [], virtualSize: null },
  luks2: { formats: ['luks'], failed: ['version'], virtualSize: null },
}

/** A verdict is `SAFE` or as `UNSAFE:backing_file(Image has a backing file)`. An unknown size is 0. */
const toExpected = ({ name, matches, verdict, virtualSize }: (typeof vectors)[number]) =>
  DIFFERENCES[name] ?? {
    formats: matches,
    failed: verdict === 'SAFE' ? [] : [/^UNSAFE:(\w+)\(/.exec(verdict)?.[1]],
    virtualSize: virtualSize === 0 && !matches.includes('raw') ? null : virtualSize,
  }

describe('the images of oslo.utils', () => {
  it.each(vectors.map((vector) => ({ name: vector.name, vector })))('$name', ({ vector }) => {
    const inspection = inspect(vector.bytes)
    expect({
      formats: inspection.formats.toSorted(),
      failed: failed(inspection),
      virtualSize: inspection.virtualSize,
    }).toEqual(toExpected(vector))
  })

  it('include those where imago differs', () => {
    expect(vectors.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(DIFFERENCES)))
    expect(vectors.length).toBe(32)
  })
})
