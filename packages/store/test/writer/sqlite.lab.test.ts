import { afterAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { createDirectory, image, prices, right, store, target, usage } from '../stored.ts'

const directory = createDirectory()
afterAll(directory.end)

/** Debian's SQLite. */
const sqlite3 = (file: string, sql: string): string => execFileSync('sqlite3', [file, sql], { encoding: 'utf8' }).trim()

describe('a SQLite file', () => {
  it('can be read by sqlite3 of Debian', async () => {
    const file = directory.file('inventory.db')
    const one = image('1', {
      name: "it's",
      protected: true,
      size: { stored: 2 ** 53 - 1 },
      createdAt: '2026-01-01T00:00:00.123456Z',
      labels: { env: 'prod' },
    })
    const state = { usage: usage(), prices: prices() }
    right(await store(target(file), { at: '2026-11-02T03:00:00Z', images: [one], state }))
    expect(sqlite3(file, 'PRAGMA integrity_check')).toBe('ok')
    expect(
      sqlite3(
        file,
        "SELECT name, protected, typeof(size_stored), size_stored, created_at, labels ->> 'env', first_seen FROM current_images",
      ),
    ).toBe("it's|1|integer|9007199254740991|2026-01-01T00:00:00.123456Z|prod|2026-11-02T03:00:00.000Z")
    expect(sqlite3(file, 'SELECT key, value FROM image_labels JOIN images USING (version)')).toBe('env|prod')
    expect(sqlite3(file, 'SELECT by_name, depends_on FROM usage')).toBe('web-1|0')
    expect(sqlite3(file, 'SELECT per_gb_month_net FROM prices')).toBe('0.0110')
  })
})
