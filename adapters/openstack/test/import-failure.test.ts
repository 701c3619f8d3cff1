import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import type { GlanceTask } from '@imago/schema-openstack'
import { importFailure } from '../src/import-failure.ts'
import { toRecordOperation, toOperations } from '../src/map-operation.ts'

type Body = Readonly<Record<string, unknown>>

/** Recorded from Glance 25.1. */
const recorded = (file: string): Body =>
  (
    JSON.parse(
      readFileSync(new URL(`../../../schemas/openstack/fixtures/recordings/${file}`, import.meta.url), 'utf8'),
    ) as { readonly response: { readonly body: Body } }
  ).response.body
const tasksIn = (file: string): readonly GlanceTask[] => recorded(file)['tasks'] as readonly GlanceTask[]

const failed = (record: string, tasks: string): unknown =>
  toOperations(String(recorded(record)['id']), recorded(record), tasksIn(tasks))[0]

const task = (
  method: Body,
  message: string | null = 'Task failed due to Internal Error',
): Pick<GlanceTask, 'message' | 'input' | 'request_id'> => ({
  message,
  request_id: 'req-1',
  input: { import_req: { method } },
})

describe('importFailure', () => {
  it('for web-download, names host, message, store and where to find the cause', () => {
    expect(failed('269-show-after-failed-import-200.json', '270-image-tasks-failure-200.json')).toMatchObject({
      status: 'error',
      error:
        'web-download from 127.0.0.1:43059 failed, and Glance reports no cause (“Task failed due to Internal Error”); store fast got no data; the image is queued and waits for data',
      hint: 'Ask the operator of the cloud to look up request req-2e8adef6-6ff5-43cd-b363-50dd1c0a427d in the log of glance-api, and check whether the hosts of Glance can reach 127.0.0.1:43059, and whether it returns 200 with a Content-Length',
    })
  })

  it('for glance-download from an unknown region, names the region even without failed stores', () => {
    expect(
      failed('284-show-after-glance-download-bad-region-200.json', '285-image-tasks-after-bad-region-200.json'),
    ).toMatchObject({
      error:
        'glance-download of image 2c440378-121d-4687-a3d0-4395940f4a79 from region Nowhere failed, and Glance reports no cause (“Task failed due to Internal Error”); store fast got no data; the image is queued and waits for data',
      hint: expect.stringContaining('whether region Nowhere exists'),
    })
  })

  it('for copy-image, names the stores with and without data', () => {
    expect(
      importFailure(task({ name: 'copy-image' }), { status: 'active', stores: 'fast,cheap' }, 'slow,cold'),
    ).toEqual({
      error:
        'copy-image failed, and Glance reports no cause (“Task failed due to Internal Error”); stores slow, cold got no data; stores fast, cheap have the data',
      hint: 'Ask the operator of the cloud to look up request req-1 in the log of glance-api, and check whether the store is writable and has room',
    })
  })

  it('omits the operator hint if Glance reports the cause', () => {
    expect(
      importFailure(task({ name: 'glance-direct' }, 'Image failed safety checks'), { status: 'queued' }, 'fast'),
    ).toEqual({
      error:
        'the import of the staged data failed: Image failed safety checks; store fast got no data; the image is queued and waits for data',
      hint: null,
    })
  })

  it.each([[''], [null], ['Copied 15 MiB']])('has no cause for the message %j', (message) => {
    expect(importFailure(task({ name: 'copy-image' }, message), {}, null).error).toBe(
      'copy-image failed, and Glance reports no cause',
    )
  })

  it('includes only the host of a URL, for any input', () => {
    const { error, hint } = importFailure(
      task({ name: 'web-download', uri: 'https://user:secret@example.org/secret?signature=secret' }),
      {},
      null,
    )
    expect(`${error} ${hint}`).toContain('example.org')
    expect(`${error} ${hint}`).not.toContain('secret')
    for (const input of [
      null,
      1,
      'x',
      [],
      { import_req: null },
      { import_req: { method: 'web-download' } },
      { import_req: { method: { name: 'web-download', uri: 7 } } },
    ]) {
      expect(importFailure({ message: '', input }, {}, null).error).toMatch(/failed, and Glance reports no cause$/)
    }
  })

  it('uses the record for a Glance without tasks', () => {
    const record = recorded('269-show-after-failed-import-200.json')
    expect(toRecordOperation('x', record)).toMatchObject({
      status: 'error',
      error:
        'the import failed, and Glance reports no cause; store fast got no data; the image is queued and waits for data',
      hint: expect.stringContaining('glance-api'),
    })
  })
})
