import { toDecoder, Notes } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { HetznerErrorEnvelope, type HetznerErrorDetails } from './error.ts'

/** What an error answer says, in one line of plain text. */
export interface HetznerErrorText {
  /** What goes wrong in general, in words; the API gives none, a gateway's page may. */
  readonly title: string | null
  /** Never empty; 2,000 characters at most, without line breaks and control characters. */
  readonly message: string
  /** The API's own code (`not_found`). Null where something before the API answered. */
  readonly code: string | null
}

/** No message has a use for more, and one could be as long as the server likes. */
const LONGEST_MESSAGE = 2000
const LONGEST_BODY = 16 * 1024

/** One line, well-formed, bounded. Control characters go, for they can drive a terminal. */
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
 * What an answer of 400 and above says: the API's own JSON (with what its `details` name: the fields of a refused request, the limits
 * that were hit, the announcement of a removed endpoint), or what little a gateway's page says. Never throws, whatever the body holds.
 */
export const readError = (status: number, contentType: string | null, bodyText: string): HetznerErrorText => {
  const said = fromApi(parse(bodyText))
  if (said !== null && said.message !== '') return said
  const bare = `answered ${status} without a message`
  if (/html/i.test(contentType ?? '') || /^\s*</.test(bodyText)) {
    // A gateway's page says all it has to say in its title: `502 Bad Gateway`.
    const title = oneLine(/<title[^<>]*>([^<]*)</i.exec(bodyText.slice(0, LONGEST_BODY))?.[1] ?? '')
    return { title: title || null, message: title || bare, code: null }
  }
  return { title: null, message: (/^\s*[[{]/.test(bodyText) ? '' : oneLine(bodyText)) || bare, code: null }
}
