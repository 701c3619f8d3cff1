import { createTransport } from '../src/transport.ts'
import { createHttpClient, type HttpClientOptions } from '../src/client.ts'
import { fixedCredential } from '../src/credential.ts'
import type { HttpClient } from '../src/port.ts'
import { cautiousRetry } from '../src/retry.ts'
import { jumpingTime } from './time.ts'

export const TOKEN = 'q7Xc2LmVt9Rb4KzHs8Yd'

/** A complete client, with a credential for its base URL only. Sleeps never end, so that a test that waits fails. */
export const clientFor = (base: string, options: Partial<HttpClientOptions> = {}): HttpClient =>
  createHttpClient({
    transport: createTransport().client,
    base,
    userAgent: 'imago/0.1.0',
    credential: fixedCredential([new URL(base).origin], { 'x-auth-token': TOKEN, authorization: `Bearer ${TOKEN}` }),
    retry: cautiousRetry,
    timing: { ...jumpingTime().timing, sleep: () => new Promise(() => undefined) },
    ...options,
  })
