import type { ProxyOptions } from '@imago/http'

/** Lower case takes precedence, as in curl and Python. */
const readEither = (variables: Environment['variables'], name: string): string =>
  variables[name.toLowerCase()] || variables[name] || ''

/** `proxy.example:3128` is an HTTP proxy. */
const toProxyUrl = (text: string): string | null => {
  if (text === '') return null
  return text.includes('://') ? text : `http://${text}`
}

/** Returns the proxies in the environment: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in upper or lower case. */
export const findProxies = (variables: Environment['variables']): ProxyOptions => ({
  http: toProxyUrl(readEither(variables, 'HTTP_PROXY')),
  https: toProxyUrl(readEither(variables, 'HTTPS_PROXY')),
  except: readEither(variables, 'NO_PROXY'),
})

import type { Environment } from '@imago/provider-kit'
