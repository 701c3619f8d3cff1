import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { writeDocument } from '../../src/output/document.ts'
import { memoryOutput } from '../memory-output.ts'
import { DRIVES_TERMINAL, HOSTILE } from '../records.ts'

const write = async (document: unknown, isTerminal = false): Promise<string> => {
  const output = memoryOutput({ isTerminal })
  await writeDocument(document, output)
  return output.text()
}

describe('writeDocument', () => {
  it.each([
    [{}],
    [[]],
    [null],
    [{ plans: [] }],
    [{ plans: [{ id: 'a', steps: [1, [2]] }, [], null, 'x\ny'] }],
    [{ absent: undefined, plans: [undefined, 1] }],
  ])('writes %j as JSON.stringify does', async (document) => {
    expect(await write(document)).toBe(`${JSON.stringify(document, null, 2)}\n`)
  })

  it('writes any document as JSON.stringify does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (document) => {
        expect(await write(document)).toBe(`${JSON.stringify(document, null, 2)}\n`)
      }),
    )
  })

  it('masks secrets of URLs, also in items of lists', async () => {
    const document = { plans: [{ url: 'https://user:secret@example.com/a?token=hidden' }] }
    expect(await write(document)).not.toMatch(/secret|hidden/)
  })

  it('escapes control characters at a terminal', async () => {
    expect(await write({ plans: [HOSTILE], [HOSTILE]: HOSTILE }, true)).not.toMatch(DRIVES_TERMINAL)
  })
})
