import { describe, expect, it, jest } from '@jest/globals'
import { movingScene } from './transfer-scene.ts'
import { twoWebs } from './two-webs.ts'
import { file, redirect } from './web.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const { web, secure, env } = twoWebs()
const scene = movingScene({ env })
const { imago } = scene
const DISK = Buffer.alloc(2 ** 20, 7)

describe('refused URLs', () => {
  it('copy refuses URLs and redirects without requesting their targets', async () => {
    for (let hop = 0; hop <= 5; hop++) web.serve(`/hop-${hop}`, redirect(`/hop-${hop + 1}`))
    web.serve('/hop-6', file(DISK))
    web.serve('/to-ftp', redirect('ftp://files.test/disk.raw'))
    web.serve('/to-file', redirect('file:///etc/passwd'))
    web.serve('/to-user', redirect(secure.at('/disk.raw').replace('://', '://somebody:geheim@')))
    secure.serve('/to-http', redirect(web.at('/plain')))
    web.serve('/plain', file(DISK))
    scene.keepSecret('geheim')
    const refusals: readonly (readonly [url: string, code: number, message: string])[] = [
      [web.at('/hop-0'), 1, `${web.at('/hop-0')} redirects more than 5 times`],
      [web.at('/to-ftp'), 1, 'redirects to a URL that has the scheme ftp, which is not supported'],
      [web.at('/to-file'), 1, 'redirects to a URL that has the scheme file, which is not supported'],
      [web.at('/to-user'), 1, 'redirects to a URL that contains a user or password'],
      [secure.at('/to-http'), 1, `redirects from https to http, to ${web.at('/plain')}`],
      [web.at('/nothing'), 3, `not found: ${web.at('/nothing')}`],
      [
        web.at('/plain').replace('://', '://somebody:geheim@'),
        1,
        'contains a user or password, and URLs are read without credentials',
      ],
    ]
    for (const [url, code, message] of refusals) {
      const ran = await imago(['copy', url, 'demo:refused', '--yes'])
      expect({ url, ...ran }).toMatchObject({ url, code, stdout: '', stderr: expect.stringContaining(message) })
    }
    expect(web.asked().filter((path) => path.startsWith('/hop-6') || path.startsWith('/plain'))).toEqual([])
    // Five redirects are followed.
    expect((await imago(['plan', web.at('/hop-1'), 'demo:', '--source-format', 'raw'])).code).toBe(0)
  })

  it('copy refuses two URLs that differ only in their queries', async () => {
    const [one, other] = [`${web.at('/plain')}?name=one`, `${web.at('/plain')}?name=other`]
    const ran = await imago(['copy', one, other, 'demo:', '--yes'])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toContain('differ only in their queries')
    expect(await imago(['copy', 'demo:x', `${web.at('/plain')}?name=one`])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('images cannot be uploaded to a URL'),
    })
  })
})
