import { toDecoder, Notes } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { HetznerErrorEnvelope, type HetznerErrorDetails } from './error.ts'

/** The text of an error response, as plain text in one line. */
export interface HetznerErrorText {
  /** The title of a gateway's page. The API sends none. */
  readonly title: string | null
  /** Not empty, at most 2,000 characters, without line breaks and control characters. */
  readonly message: string
  /** The API's code (`not_found`). Null: the response is not from the API. */
  readonly code: string | null
}

/** In characters. Bounded because the message comes from outside. */
const LONGEST_MESSAGE = 2000
const LONGEST_BODY = 16 * 1024

/** Makes text one well-formed line of bounded length. Control characters are removed, because terminals execute them. */
const oneLine = (text: string): string => {
  const line = text
    .slice(0, LONGEST_BODY)
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
  return (line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE - 1)}…` : line).replace(
    /\p{Surrogate}/gu,
    '\ufffd',
  )
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const detailsText = (details: HetznerErrorDetails | null | undefined): string => {
  const fields = [...(details?.fields ?? []), ...(details?.limits ?? [])].map(({ name, messages }) =>
    [name ?? '', (messages ?? []).join(', ')].filter((part) => part !== '').join(': '),
  )
  return [...fields, details?.announcement ?? ''].filter((part) => part !== '').join('; ')
}

const decodeEnvelope = toDecoder(HetznerErrorEnvelope)

const fromApi = (body: unknown): HetznerErrorText | null => {
  const decoded = decodeEnvelope(body, new Notes())
  if (E.isLeft(decoded)) return null
  const { code, message, details } = decoded.right.error
  const more = detailsText(details)
  return {
    title: null,
    message: oneLine(`${message ?? code}${more === '' ? '' : ` (${more})`}`),
    code: oneLine(code) || null,
  }
}

/**
 * Reads the text of a response with status 400 or above: the API's JSON with its `details` (invalid fields, exceeded limits, the announcement
 * of a removed endpoint), or a gateway's page. Never throws, whatever the body contains.
 */
export const readError = (status: number, contentType: string | null, bodyText: string): HetznerErrorText => {
  const apiError = fromApi(parse(bodyText))
  if (apiError !== null && apiError.message !== '') return apiError
  const bare = `the server returned ${status} without a message`
  if (/html/i.test(contentType ?? '') || /^\s*</.test(bodyText)) {
    // The title of a gateway's page has all of its information: `502 Bad Gateway`.
    const title = oneLine(/<title[^<>]*>([^<]*)</i.exec(bodyText.slice(0, LONGEST_BODY))?.[1] ?? '')
    return { title: title || null, message: title || bare, code: null }
  }
  return { title: null, message: (/^\s*[[{]/.test(bodyText) ? '' : oneLine(bodyText)) || bare, code: null }
}
