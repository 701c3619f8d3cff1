import type { Surroundings } from '@imago/config'
import type { ProxyOptions } from '@imago/http'

/** Lower case first, as curl and Python have it. */
const said = (env: Surroundings['env'], name: string): string => env[name.toLowerCase()] || env[name] || ''

/** `proxy.example:3128` means an http proxy. */
const addressOf = (text: string): string | null => {
  if (text === '') return null
  return text.includes('://') ? text : `http://${text}`
}

/** The proxies that the environment names: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in upper or lower case. */
export const proxiesOf = (env: Surroundings['env']): ProxyOptions => ({ http: addressOf(said(env, 'HTTP_PROXY')), https: addressOf(said(env, 'HTTPS_PROXY')), except: said(env, 'NO_PROXY') })
