import { ImageException, unsafeImage } from '@imago/core'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { guardEnd } from '../../src/bytes/guard-end.ts'
import { anyCuts, cutAt, gathered, readOutcome, pattern, SITE, watched } from './chunks.ts'

const REFUSAL = unsafeImage(SITE, { what: 'no', check: 'backing_file' })

describe('guardEnd', () => {
  it('passes all bytes if the gate agrees', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), anyCuts(2000), async (bytes, cuts) => {
        let calls = 0
        const passed = guardEnd(watched(cutAt(bytes, cuts)).bytes, async () => {
          calls += 1
          return null
        })
        expect(await gathered(passed)).toEqual(Buffer.from(bytes))
        expect(calls).toBe(1)
      }),
    ))

  it('withholds the last chunk if the gate refuses, even with empty chunks after it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 2000 }),
        anyCuts(2000),
        fc.nat(3),
        async (bytes, cuts, blanks) => {
          const source = watched([...cutAt(bytes, cuts), ...Array.from({ length: blanks }, () => new Uint8Array(0))])
          const { got, thrown } = await readOutcome(guardEnd(source.bytes, async () => REFUSAL))
          expect(got.length).toBeLessThan(bytes.length)
          expect(got).toEqual(Buffer.from(bytes.subarray(0, got.length)))
          expect(ImageException.is(thrown) && thrown.error).toEqual(REFUSAL)
        },
      ),
    ))

  it('calls the gate at the end of the source, after all but the last chunk were consumed', async () => {
    const source = watched([pattern(3), pattern(4), pattern(5)])
    const taken: number[] = []
    let takenAtGate: readonly number[] | null = null
    for await (const chunk of guardEnd(source.bytes, async () => {
      takenAtGate = [...taken]
      return null
    }))
      taken.push(chunk.length)
    expect(takenAtGate).toEqual([3, 4])
    expect(taken).toEqual([3, 4, 5])
    expect(source.requested()).toBe(4)
  })

  it('calls the gate for an empty source', async () => {
    const { thrown } = await readOutcome(guardEnd(watched([]).bytes, async () => REFUSAL))
    expect(ImageException.is(thrown) && thrown.error).toEqual(REFUSAL)
  })

  it('withholds the last chunk of a failing source without calling the gate', async () => {
    const broken = new Error('broken')
    const { got, thrown } = await readOutcome(
      guardEnd(watched([pattern(3), pattern(4)], broken).bytes, () => Promise.reject(new Error('the gate was called'))),
    )
    expect(got).toHaveLength(3)
    expect(thrown).toBe(broken)
  })

  it('reads one chunk ahead, and closes the source when left early', async () => {
    const source = watched([pattern(3), pattern(4), pattern(5), pattern(6)])
    for await (const _chunk of guardEnd(source.bytes, async () => null)) break
    expect(source.requested()).toBe(2)
    expect(source.closed()).toBe(1)
    const untouched = watched([pattern(3)])
    const iterator = guardEnd(untouched.bytes, async () => null)[Symbol.asyncIterator]()
    await iterator.return?.()
    expect(untouched.closed()).toBe(1)
  })
})
