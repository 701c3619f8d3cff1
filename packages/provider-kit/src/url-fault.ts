import type { ErrorDetails } from '@imago/core/provider'

/**
 * Finds what is wrong with an address that secrets will be sent to; `null`: it is valid. The result never contains the address, which may hold a
 * password.
 */
export const findUrlProblem = (what: string, text: string): ErrorDetails | null => {
  if (!URL.canParse(text)) return { what: `${what} is not a URL`, hint: 'Write it in full, as https://host/path' }
  const { protocol, username, password, search, hash } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:')
    return { what: `${what} is neither an https nor an http URL`, hint: 'Write it in full, as https://host/path' }
  if (username !== '' || password !== '')
    return {
      what: `${what} contains a user or password, which is not supported`,
      hint: 'Remove them from the URL',
    }
  if (search !== '' || hash !== '')
    return {
      what: `${what} contains a query or fragment`,
      hint: 'Remove the query and the fragment',
    }
  return null
}
