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
      what: `${what} has a user or a password in it, which imago does not support`,
      hint: 'Leave them out of the URL',
    }
  if (search !== '' || hash !== '')
    return {
      what: `${what} has a question mark or a hash in it`,
      hint: 'Leave out what follows them: it is the address of an API',
    }
  return null
}
