import { afterAll, beforeAll } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createWeb, type Web } from './web.ts'

const FIXTURES = join(__dirname, '../../../http/test/fixtures')
const pem = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8')

/** A web server that runs during the tests of a file. */
type OwnWeb = Omit<Web, 'close'>

const ownWeb = (tls: Parameters<typeof createWeb>[0]): OwnWeb => {
  let running: Web | null = null
  const started = (): Web => {
    if (running === null) throw new Error('The web server runs while tests do')
    return running
  }
  beforeAll(async () => void (running = await createWeb(tls)))
  afterAll(() => running?.close())
  return {
    at: (path) => started().at(path),
    serve: (path, answer) => started().serve(path, answer),
    asked: () => started().asked(),
  }
}

/** Two web servers, the second with TLS, and the environment variables that trust its certificate. */
export const twoWebs = (): {
  readonly web: OwnWeb
  readonly secure: OwnWeb
  readonly env: Readonly<Record<string, string>>
} => ({
  web: ownWeb(null),
  secure: ownWeb({ key: pem('key.pem'), cert: pem('cert.pem') }),
  env: { NODE_EXTRA_CA_CERTS: join(FIXTURES, 'cert.pem') },
})
