import type { ProxyOptions } from '@imago/http'

/** Lower case first, as curl and Python have it. */
const said = (variables: Environment['variables'], name: string): string =>
  variables[name.toLowerCase()] || variables[name] || ''

/** `proxy.example:3128` means an http proxy. */
const addressOf = (text: string): string | null => {
  if (text === '') return null
  return text.includes('://') ? text : `http://${text}`
}

/** The proxies that the environment names: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in upper or lower case. */
export const findProxies = (variables: Environment['variables']): ProxyOptions => ({
  http: addressOf(said(variables, 'HTTP_PROXY')),
  https: addressOf(said(variables, 'HTTPS_PROXY')),
  except: said(variables, 'NO_PROXY'),
})

import type { Environment } from '@imago/provider-kit'
