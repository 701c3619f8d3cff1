import { describe, expect, it } from '@jest/globals'
import { loadSupportData } from '../../../src/commands/expiring/support-data.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()

describe('loadSupportData', () => {
  it.each([
    ['[', /eol\.json is not valid JSON$/],
    ['{}', /eol\.json does not match the schema that imago schema support prints: \/date: expected/],
  ])('rejects %s with the reason', async (text, message) => {
    await expect(loadSupportData(folder.file('eol.json', text))).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(message),
    })
  })
})
