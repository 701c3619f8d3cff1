import { describe, expect, it } from '@jest/globals'
import { isRetryable, formatError, createErrorSite, type ImageError, type ImageErrorTag } from '@imago/core'
import { findRequestId, toHeaders, type TextResponse } from '@imago/http'
import { readdirSync, readFileSync } from 'node:fs'
import type { RequestContext } from '@imago/provider-kit/live'
import { toImageError, type OpenstackContext } from '../src/map-error.ts'

const folder = new URL('../../../schemas/openstack/fixtures/recordings/', import.meta.url)

interface Recording {
  readonly request: { readonly method: string; readonly path: string }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: unknown
  }
}

const readRecording = (file: string): Recording => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recording
const files = readdirSync(folder).filter((file) => file.endsWith('.json') && readRecording(file).response.status >= 300)

const NOW = Date.parse('2026-11-22T15:00:00Z')

const createResponse = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): TextResponse => ({
  kind: 'text',
  status,
  headers: toHeaders(Object.entries(headers)),
  url: 'https://glance.example/v2/images',
  text: typeof body === 'string' ? body : body === null || body === undefined ? '' : JSON.stringify(body),
})

type Context = OpenstackContext & RequestContext

const IMAGE: Context = { service: 'Glance', subject: 'image i', onlyOnce: true }

const toError = (response: TextResponse, context: Context = IMAGE, method = 'PATCH', path = '/v2/images/i') =>
  toImageError(
    createErrorSite({ provider: 'openstack', cloud: 'prod' }, 'update', {
      method,
      path,
      status: response.status,
      requestId: findRequestId(response.headers),
    }),
    response,
    context,
    NOW,
  )

const ofRecording = (file: string, subject: string | null = 'image i') => {
  const { request, response } = readRecording(file)
  return toError(
    createResponse(response.status, response.body, response.headers),
    { ...IMAGE, subject },
    request.method,
    request.path,
  )
}

const table: readonly (readonly [string, ImageErrorTag, string])[] = [
  ['022-versions-300.json', 'ConfigInvalid', 'the address is that of a list of API versions, not of version 2'],
  ['047-create-4-byte-unicode-400.json', 'Rejected', "Name can't contain 4 byte unicode characters."],
  ['051-create-duplicate-id-409.json', 'Conflict', 'already exists!'],
  ['057-create-readonly-403.json', 'Forbidden', "Attribute 'status' is read-only."],
  ['058-create-reserved-os-glance-403.json', 'Forbidden', 'is reserved'],
  ['063-create-public-403.json', 'Forbidden', 'You are not authorized to complete publicize_image action.'],
  [
    '066-create-too-many-tags-413.json',
    'QuotaExceeded',
    'The limit has been exceeded on the number of allowed image tags',
  ],
  ['068-upload-wrong-content-type-415.json', 'Rejected', 'The request media type application/json is not supported'],
  ['080-download-range-416.json', 'Rejected', 'The Range requested is not available'],
  ['119-show-404-not-a-uuid-404.json', 'NotFound', 'No image found with ID nope'],
  ['128-patch-replace-missing-409.json', 'Conflict', 'There was a conflict'],
  ['133-patch-disk-format-of-active-403.json', 'Conflict', 'can be only replaced for a queued image'],
  ['144-member-add-not-shared-403.json', 'Conflict', 'Not allowed to create members for image'],
  ['149-member-add-again-409.json', 'Conflict', 'is duplicated'],
  ['154-member-accept-by-owner-403.json', 'Forbidden', 'You are not authorized to complete modify_member action.'],
  ['178-deactivate-queued-403.json', 'Conflict', "Not allowed to deactivate image in status 'queued'"],
  ['181-download-deactivated-403.json', 'Forbidden', 'The requested image has been deactivated.'],
  ['185-delete-protected-403.json', 'Forbidden', 'is protected and cannot be deleted'],
  ['186-no-token-401.json', 'Unauthorized', 'This server could not verify that you are authorized'],
  ['189-method-405.json', 'Rejected', 'The method'],
  ['204-error-404-route-accept-json-404.json', 'NotFound', 'image not found or not visible to these credentials: i'],
  ['222-error-403-accept-none-403.json', 'Forbidden', 'You are not authorized to complete publicize_image action.'],
]

describe('toImageError for Glance and Keystone', () => {
  it.each(table)('maps %s to %s', (file, tag, what) => {
    const error = ofRecording(file)
    expect(error._tag).toBe(tag)
    expect(error.what).toContain(what)
  })

  it.each([
    ['185-delete-protected-403.json', 'protected'],
    ['057-create-readonly-403.json', 'readonly'],
    ['058-create-reserved-os-glance-403.json', 'reserved'],
    ['181-download-deactivated-403.json', 'deactivated'],
    ['136-patch-reader-403.json', 'policy'],
    ['164-delete-by-member-403.json', 'policy'],
  ])('gives the reason of the Forbidden in %s: %s', (file, reason) =>
    expect(ofRecording(file)).toMatchObject({ _tag: 'Forbidden', reason }),
  )

  it.each(files)('returns a one-line text and the request ID: %s', (file) => {
    const error = ofRecording(file)
    expect(formatError(error)).not.toMatch(/<|&#|\n/)
    const { headers } = readRecording(file).response
    const id = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-openstack-request-id')?.[1] ?? null
    expect(error.request).toMatchObject({ status: readRecording(file).response.status, requestId: id })
  })

  it('reports a wrong address for a 404 without a subject', () =>
    expect(ofRecording('024-v2-slash-404.json', null)).toMatchObject({
      _tag: 'ConfigInvalid',
      hint: expect.stringContaining('address'),
    }))
})

describe('toImageError', () => {
  it('names an import method that is not enabled', () =>
    expect(ofRecording('274-import-bad-method-400.json')).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringMatching(/^this cloud has not enabled the import method /),
      hint: expect.stringContaining('operator'),
    }))

  describe('toImageError for exceeded limits', () => {
    const glance = (status: number, text: string): ImageError =>
      toError(
        createResponse(status, JSON.stringify({ message: text, code: `${status}` }), {
          'content-type': 'application/json',
          'x-openstack-request-id': 'req-1',
        }),
      )

    it('mentions tags and properties in the hint', () => {
      expect(ofRecording('066-create-too-many-tags-413.json').hint).toContain('fewer tags')
      expect(ofRecording('927-quota-properties-413.json').hint).toContain('fewer properties')
      expect(ofRecording('921-cap-upload-over-image-size-cap-413.json').hint).toContain('smaller image')
      expect(ofRecording('923-quota-upload-over-storage-quota-413.json').hint).toContain('Delete unused resources')
    })

    // Recorded from Glance 25.1 and 33.0 with use_keystone_limits.
    it('drops the prefix of a Keystone limit', () => {
      const message =
        'Project 1 is over a limit for [Resource image_size_total is over limit of 5 due to current usage 5 and delta 1]'
      const error = glance(
        413,
        `The request returned a 413 Request Entity Too Large. This generally means that rate limiting or a quota threshold was breached.\n\nThe response body:\n${message}`,
      )
      expect(error).toMatchObject({ _tag: 'QuotaExceeded', what: message })
    })

    it('maps a 403 for a quota', () =>
      expect(glance(403, 'Quota exceeded for resources: metadata_items')).toMatchObject({ _tag: 'QuotaExceeded' }))
  })

  describe('toImageError for gateways', () => {
    const page = (title: string): string =>
      `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr>nginx</body></html>`

    it.each([500, 502, 503, 504])('is retryable for %d', (status) => {
      const error = toError(createResponse(status, page(`${status} Bad`), { 'content-type': 'text/html' }))
      expect(error._tag).toBe('Unavailable')
      expect(isRetryable(error)).toBe(true)
      expect(error.what).not.toContain('<')
    })

    it('maps 413 to a limit of the gateway, without the hint to delete images', () => {
      const error = toError(createResponse(413, page('413 Request Entity Too Large'), { 'content-type': 'text/html' }))
      expect(error).toMatchObject({
        _tag: 'Rejected',
        what: expect.stringMatching(
          /^a gateway in front of Glance refuses a request of this size: Request Entity Too Large/,
        ),
        hint: expect.stringContaining('client_max_body_size'),
      })
    })

    it.each([
      [{ 'content-type': 'text/html', 'x-openstack-request-id': 'req-1' }],
      [{ 'content-type': 'application/json' }],
    ])('maps 413 with %j to Glance’s quota', (headers) =>
      expect(toError(createResponse(413, '', headers))._tag).toBe('QuotaExceeded'),
    )

    it.each([
      [{ 'retry-after': '7' }, 7000],
      [{ 'retry-after': 'Sun, 22 Nov 2026 15:00:09 GMT' }, 9000],
      [{}, null],
    ] as const)('reads the delay of a 429 from %j', (headers, retryAfterMs) =>
      expect(toError(createResponse(429, '', headers as Readonly<Record<string, string>>))).toMatchObject({
        _tag: 'RateLimited',
        retryAfterMs,
      }),
    )

    it.each([
      [410, 'NotFound'],
      [408, 'Unavailable'],
      [413, 'Rejected'],
      [414, 'Rejected'],
      [431, 'Rejected'],
      [418, 'Rejected'],
      [501, 'Rejected'],
      [204, 'Rejected'],
    ] as const)('maps %d without a body to %s', (status, tag) =>
      expect(toError(createResponse(status, ''))._tag).toBe(tag),
    )
  })

  it('maps a 403 for the shares of an image of another visibility to a conflict with a hint', () => {
    const message = 'Not allowed to list members for image i: Only shared images have members.'
    expect(toError(createResponse(403, message))).toMatchObject({
      _tag: 'Conflict',
      hint: 'Set the visibility of the image to shared first',
    })
  })

  describe('409 of a server', () => {
    // The messages of Nova, raise_http_conflict_for_instance_invalid_state.
    it.each([
      ['vm_state building', 'Wait until the server has been built, then retry'],
      ['task_state image_uploading', 'Wait until the server has finished its current task, then retry'],
      ['vm_state error', 'Bring the server into the status ACTIVE, SHUTOFF, PAUSED or SUSPENDED, then retry'],
    ])('maps it to a conflict with a hint: %s', (state, hint) => {
      const message = `Cannot 'createImage' instance 6e2d5b0c-52f4-4d3c-8e0c-8f3b4f3f6b0a while it is in ${state}`
      const body = { conflictingRequest: { code: 409, message } }
      const response = createResponse(409, body, { 'content-type': 'application/json; charset=UTF-8' })
      expect(toError(response)).toMatchObject({ _tag: 'Conflict', what: message, hint })
    })
  })

  describe('409 of a deletion', () => {
    const BY_STORE = 'The image cannot be deleted because it is in use through the backend store outside of Glance.'

    // The messages of Glance 32 and glance_store 5, ImagesController.delete and delete_from_store.
    it.each([
      [`Image i could not be deleted because it is in use: ${BY_STORE}`, 'Delete the servers and volumes'],
      [`The data for Image i could not be deleted because it is in use: ${BY_STORE}`, 'Delete the servers and volumes'],
      ['The image cannot be deleted because it has snapshot(s).', 'Ask the operator'],
    ])('maps it to a conflict with a hint: %s', (message, hint) => {
      const body = { message: `${message}<br /><br />\n\n\n`, code: '409 Conflict', title: 'Conflict' }
      const response = createResponse(409, body, { 'content-type': 'application/json; charset=UTF-8' })
      const error = toError(response, IMAGE, 'DELETE')
      expect(error).toMatchObject({ _tag: 'Conflict', what: message, hint: expect.stringContaining(hint) })
      expect(isRetryable(error)).toBe(false)
    })
  })
})
