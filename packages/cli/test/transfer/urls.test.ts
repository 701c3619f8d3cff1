import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT } from '../../src/exit-code.ts'
import { createUrls } from '../../src/transfer/urls.ts'
import { Problem } from '../../src/problem.ts'
import { memoryLive } from '../live.ts'

const urls = (...words: readonly string[]) => createUrls(memoryLive({ clouds: [] }), words, {})

describe('createUrls', () => {
  it('refuses two URLs that differ only in their queries, and masks them', () => {
    const thrown = (() => {
      try {
        return urls('https://a.test/x?sig=eins', 'lab:', 'https://a.test/x?sig=zwei')
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toBeInstanceOf(Problem)
    expect(thrown).toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(
        /^two URLs differ only in their queries, which plans do not store: https:\/\/a\.test\/x\?…/,
      ),
    })
    // Repeated URLs are accepted, and so are URLs that differ in other parts.
    expect(() =>
      urls('https://a.test/x?sig=eins', 'https://a.test/x?sig=eins', 'https://a.test/y?sig=zwei'),
    ).not.toThrow()
  })

  it('requests the complete URL when its query is unknown', async () => {
    const answer = await urls('https://a.test/y?sig=eins').open('https://a.test/x?…', {})()
    expect(E.isLeft(answer) && answer.left).toMatchObject({
      _tag: 'ConfigInvalid',
      what: expect.stringContaining('the query or user of https://a.test/x?…'),
      hint: expect.stringContaining('--url'),
    })
  })
})
