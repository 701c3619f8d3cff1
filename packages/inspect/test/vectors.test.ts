import { expect, test } from '@jest/globals'
import { failed, inspect, vectors } from './images.ts'

/** Where the reference is not followed; docs/safety.md tells why. */
const OWN_WAY: Readonly<Record<string, { readonly formats: readonly string[]; readonly failed: readonly string[]; readonly virtualSize: number | null }>> = {
  // Whatever is shorter than 512 bytes is raw to the reference. QEMU opens a qcow2 file that short.
  'qcow2-truncated-100B': { formats: ['qcow2'], failed: ['truncated'], virtualSize: 67_108_864 },
  // The length of the file is not the size of the disk.
  qed: { formats: ['qed'], failed: ['banned'], virtualSize: null },
  // Several formats; Glance then takes just these two for an ISO.
  'iso+gpt': { formats: ['gpt', 'iso'], failed: [], virtualSize: 2_048_000 },
  // Less than no bytes.
  luks1: { formats: ['luks'], failed: [], virtualSize: null },
  luks2: { formats: ['luks'], failed: ['version'], virtualSize: null },
}

/** `UNSAFE:backing_file(Image has a backing file)`. Where it has no size, the reference says 0. */
const expectedOf = ({ name, matches, verdict, virtualSize }: (typeof vectors)[number]) =>
  OWN_WAY[name] ?? { formats: matches, failed: verdict === 'SAFE' ? [] : [/^UNSAFE:(\w+)\(/.exec(verdict)?.[1]], virtualSize: virtualSize === 0 && !matches.includes('raw') ? null : virtualSize }

test.each(vectors.map((vector) => ({ name: vector.name, vector })))('$name', ({ vector }) => {
  const inspection = inspect(vector.bytes)
  expect({ formats: inspection.formats.toSorted(), failed: failed(inspection), virtualSize: inspection.virtualSize }).toEqual(expectedOf(vector))
})

test('there are the vectors that are said to differ', () => {
  expect(vectors.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(OWN_WAY)))
  expect(vectors.length).toBe(32)
})
