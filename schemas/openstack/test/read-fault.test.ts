import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readFault } from '../src/index.ts'
import { toBodyText, findContentType, recordings, type Recording } from './recordings.ts'

const errors = recordings.filter(({ response }) => response.status >= 400)
const readRecordedFault = (recording: Recording) =>
  readFault(recording.response.status, findContentType(recording), toBodyText(recording))
const recorded = (number: string) => {
  const found = errors.find(({ file }) => file.startsWith(number))
  return found === undefined ? undefined : readRecordedFault(found)
}

describe('readFault with recorded errors', () => {
  it('covers more than 90 errors', () => expect(errors.length).toBeGreaterThan(90))

  it.each(errors.map((recording) => [recording.file, recording] as const))('reads %s', (_, recording) => {
    const { title, message, code } = readRecordedFault(recording)
    const hasBody = toBodyText(recording) !== ''
    for (const text of [title, message, code])
      expect(text ?? 'absent').not.toMatch(/<\/?[a-z!][^<>]*>|&#?\w+;|[\n\r\t]| {2}|^ | $|^$/i)
    expect(message.endsWith('…')).toBe(false)
    expect(code?.slice(0, 3) ?? null).toBe(hasBody ? String(recording.response.status) : null)
    expect(title === null).toBe(!hasBody)
    expect(message).not.toMatch(/^\d{3} /)
  })
})

describe('recorded errors', () => {
  it.each([
    [
      'HTML of webob',
      '057',
      { title: 'Forbidden', message: "Attribute 'status' is read-only.", code: '403 Forbidden' },
    ],
    [
      'HTML with text after line breaks',
      '058',
      {
        title: 'Forbidden',
        message: "Access was denied to this resource. Attribute 'os_glance_foo' is reserved.",
        code: '403 Forbidden',
      },
    ],
    [
      'HTML with a URL',
      '275',
      {
        title: 'Bad Request',
        message: 'URI for web-download does not pass filtering: http://169.254.169.254/latest',
        code: '400 Bad Request',
      },
    ],
    [
      'JSON of webob',
      '205',
      {
        title: 'Conflict',
        message: 'Image ID 26a0e0ba-c9f1-498d-af89-9f19347f4adc already exists!',
        code: '409 Conflict',
      },
    ],
    [
      'text of webob',
      '222',
      {
        title: 'Forbidden',
        message: 'You are not authorized to complete publicize_image action.',
        code: '403 Forbidden',
      },
    ],
    [
      'JSON of Keystone',
      '009',
      { title: 'Unauthorized', message: 'The request you have made requires authentication.', code: '401' },
    ],
    [
      'HTML of Keystone',
      '020',
      {
        title: 'Not Found',
        message:
          'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
        code: '404 Not Found',
      },
    ],
    [
      'empty response to HEAD',
      '083',
      { title: null, message: 'the server returned 405 without a message', code: null },
    ],
    [
      'empty response of eventlet',
      '234',
      { title: null, message: 'the server returned 414 without a message', code: null },
    ],
  ])('yield the expected fault: %s', (_, number, fault) => {
    expect(recorded(number)).toEqual(fault)
  })

  it('decode quotes', () => {
    expect(recorded('114')?.message).toMatch(/^Bad "created_at" query filter format/)
    expect(recorded('277')?.message).not.toContain('&')
  })

  // The recordings from 201 and 217 on are the same seven requests, with and without an Accept header.
  it.each(['401', '400', '404', '404-route', '409', '403', '405'])(
    'have the same fault in JSON and in text: %s',
    (word) => {
      const [inJson, inText] = ['json', 'none'].map((accept) =>
        errors.find(({ file }) => file.includes(`-error-${word}-accept-${accept}-`)),
      )
      if (inJson === undefined || inText === undefined) throw new Error(`no pair of recordings for ${word}`)
      expect(readRecordedFault(inText)).toEqual(readRecordedFault(inJson))
    },
  )

  it('have the same fault in HTML', () => {
    expect(recorded('186')).toEqual(recorded('201'))
    expect(recorded('051')).toEqual(recorded('205'))
    expect(recorded('063')).toEqual(recorded('206'))
  })
})

describe('bodies of gateways and other servers', () => {
  it.each([
    [
      'nginx',
      502,
      'text/html',
      '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n',
      { title: 'Bad Gateway', message: 'Bad Gateway', code: '502 Bad Gateway' },
    ],
    [
      'HAProxy',
      503,
      null,
      '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n',
      {
        title: 'Service Unavailable',
        message: 'No server is available to handle this request.',
        code: '503 Service Unavailable',
      },
    ],
    [
      'Apache',
      413,
      'text/html; charset=iso-8859-1',
      '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>413 Request Entity Too Large</title>\n</head><body>\n<h1>Request Entity Too Large</h1>\nThe amount of data &lt;in&gt; the request exceeds the capacity limit.\n<hr>\n<address>Apache/2.4.57 (Debian) Server at images.example Port 443</address>\n</body></html>\n',
      {
        title: 'Request Entity Too Large',
        message: 'The amount of data <in> the request exceeds the capacity limit.',
        code: '413 Request Entity Too Large',
      },
    ],
    [
      'a page with only a title',
      504,
      'text/html',
      '<title>504 Gateway Time-out</title><style>a{}</style><!-- x --><script>1 < 2</script>',
      { title: 'Gateway Time-out', message: 'Gateway Time-out', code: '504 Gateway Time-out' },
    ],
    [
      'keystonemiddleware',
      401,
      'application/json',
      '{"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}}',
      { title: 'Unauthorized', message: 'The request you have made requires authentication.', code: '401' },
    ],
    [
      'a fault with an invalid code',
      400,
      'application/json',
      '{"message":"no","code":{},"title":[]}',
      { title: null, message: 'no', code: null },
    ],
    [
      'a message with only line breaks',
      400,
      'application/json',
      '{"message":"<br /><br />\\n","title":"Bad Request","code":"400 Bad Request"}',
      { title: 'Bad Request', message: 'Bad Request', code: '400 Bad Request' },
    ],
    [
      'JSON declared as HTML',
      409,
      'text/html',
      '{"message":"&quot;a&quot; &amp;amp; b&#39;s &#x1F600;&#xD800;&#x110000;&nope;","code":"409 Conflict"}',
      { title: null, message: '"a" &amp; b\'s 😀\ufffd\ufffd&nope;', code: '409 Conflict' },
    ],
    [
      'JSON of an unknown shape',
      500,
      'application/json',
      '{"password":"hunter2"}',
      { title: null, message: 'the server returned 500 without a message', code: null },
    ],
    [
      'JSON null',
      500,
      'application/json',
      'null',
      { title: null, message: 'the server returned 500 without a message', code: null },
    ],
    [
      'plain text',
      503,
      'text/plain',
      'upstream connect error\n\tor disconnect',
      { title: null, message: 'upstream connect error or disconnect', code: null },
    ],
    [
      'escape sequences',
      500,
      'text/plain',
      '\u001b[31mred\u0007\u009b0m',
      { title: null, message: '[31mred 0m', code: null },
    ],
  ])('%s', (_, status, contentType, body, fault) => {
    expect(readFault(status, contentType, body)).toEqual(fault)
  })

  it('are limited in length', () => {
    const { message } = readFault(400, 'application/json', JSON.stringify({ message: '😀'.repeat(5000) }))
    expect(message).toHaveLength(2000)
    expect(message.endsWith('…')).toBe(true)
    expect(message).not.toMatch(/\p{Surrogate}/u)
  })
})

describe('Nova faults', () => {
  it.each([
    ['itemNotFound', 404, 'Instance s1 could not be found.'],
    ['conflictingRequest', 409, "Cannot 'createImage' instance s1 while it is in task_state image_snapshot"],
    ['computeFault', 406, 'Version 2.45 is not supported by the API. Minimum is 2.1 and maximum is 2.38.'],
  ])('are read: %s', (kind, code, message) =>
    expect(readFault(code, 'application/json', JSON.stringify({ [kind]: { code, message } }))).toEqual({
      title: null,
      message,
      code: String(code),
    }),
  )

  it('are not assumed for similar JSON', () => {
    for (const body of [
      { instance: { message: 'secret' } },
      { itemNotFound: { message: 'secret' }, more: 1 },
      { itemNotFound: 'secret' },
      [{ message: 'secret' }],
    ])
      expect(readFault(404, 'application/json', JSON.stringify(body)).message).toBe(
        'the server returned 404 without a message',
      )
  })
})

describe('readFault with any body', () => {
  const markup = fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '/',
      '!',
      '--',
      'title',
      'h1',
      'script',
      'br',
      '&',
      '#',
      'x',
      ';',
      'lt',
      '&lt;',
      '403 ',
      '\n',
      ' ',
      '"',
      '{',
      '}',
      '\ud800',
      '\u001b',
      'é',
    ),
    maxLength: 60,
  })
  const body = fc.oneof(
    markup,
    fc.string(),
    fc.json(),
    fc
      .record({ message: markup, code: fc.jsonValue(), title: fc.oneof(markup, fc.jsonValue()) })
      .map((u) => JSON.stringify(u)),
    fc.record({ error: fc.jsonValue() }).map((u) => JSON.stringify(u)),
  )
  const contentType = fc.constantFrom(null, '', 'application/json', 'text/html; charset=UTF-8', 'text/plain', 'x')

  it('returns one bounded line without throwing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), contentType, body, (status, type, text) => {
        const fault = readFault(status, type, text)
        for (const line of [fault.title, fault.message, fault.code]) {
          if (line === null) continue
          expect(line.length).toBeGreaterThan(0)
          expect(line.length).toBeLessThanOrEqual(2000)
          // No control characters, lone surrogates, or white space other than single spaces.
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}|^\s|\s$|\s{2}/u)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['<'],
    ['<!--'],
    ['<title>'],
    ['<script>'],
    ['<h1 '],
    ['&'],
    ['&#x'],
    ['403 '],
    ['\n\n'],
    ['{"message":"'],
    ['['],
  ])('takes linear time for a million times %j', (part) => {
    const text = part.repeat(1_000_000)
    // A quadratic algorithm would take hours for these megabytes.
    for (const type of ['text/html', 'text/plain', 'application/json'])
      expect(readFault(500, type, text).message.length).toBeLessThanOrEqual(2000)
  })
})
