import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import type { ConfiguredService, OpenstackCloud, OpenstackSettings } from '../../src/config/cloud.ts'
import { discoverIn } from './entries.ts'

interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly default: string | null
  readonly refused: readonly string[]
  readonly clouds: Readonly<Record<string, unknown>>
}

const cases = JSON.parse(
  readFileSync(new URL('fixtures/openstacksdk-0.101.json', import.meta.url), 'utf8'),
) as readonly Case[]

const service = ({ endpointOverride, interfaces, regionName }: ConfiguredService) => ({
  ep: endpointOverride,
  iface: interfaces.join(','),
  region: regionName ?? '',
})

const authWords = ({ auth }: OpenstackSettings) => {
  if (auth.kind === 'none') return { type: 'none', url: null, user: null, secrets: [], cred: null }
  if (auth.kind === 'oidc')
    return { type: auth.type, url: auth.url, user: null, secrets: [auth.accessToken.reveal()], cred: null }
  const users = auth.methods.map((one) =>
    'user' in one
      ? one.user
      : one.method === 'application_credential' && 'user' in one.credential
        ? one.credential.user
        : null,
  )
  const secrets = auth.methods.flatMap((one) => {
    switch (one.method) {
      case 'password':
        return one.password.reveal()
      case 'token':
        return one.token.reveal()
      case 'application_credential':
        return one.secret.reveal()
      case 'totp':
        return one.passcode?.reveal() ?? []
    }
  })
  const credentials = auth.methods.flatMap((one) =>
    one.method === 'application_credential' ? ('id' in one.credential ? one.credential.id : one.credential.name) : [],
  )
  return { type: auth.type, url: auth.url, user: users[0] ?? null, secrets, cred: credentials[0] ?? null }
}

/** Converts a region to the format of the recording. */
const words = ({ region, tls, timeoutMs, settings }: OpenstackCloud) => {
  const scope = settings.auth.kind === 'none' ? null : settings.auth.scope
  const { image, compute } = settings.services
  const { caFile = null, certFile = null, keyFile = null, verify = true } = tls ?? {}
  return {
    region: region ?? '',
    ...authWords(settings),
    project: scope?.kind === 'project' ? scope.project : null,
    domain: scope?.kind === 'domain' ? scope.domain : null,
    trust: scope?.kind === 'trust' ? scope.id : null,
    system: scope?.kind === 'system' ? 'all' : null,
    verify: caFile ?? verify,
    cert: keyFile === null ? certFile : [certFile, keyFile],
    timeout: timeoutMs === null ? null : timeoutMs / 1000,
    image: {
      ...service(image),
      stype: image.serviceType,
      sname: image.serviceName,
      ver: image.apiVersion,
      retries: image.statusCodeRetries,
    },
    compute: service(compute),
  }
}

describe('discover', () => {
  it.each(cases)('matches openstacksdk: $name', ({ files, env: variables, default: defaultName, refused, clouds }) => {
    const found = discoverIn({ files, variables }, { trustDirectory: true })
    const names = [...new Set(found.clouds.map(({ name }) => name))]
    expect(
      Object.fromEntries(names.map((name) => [name, found.clouds.filter((cloud) => cloud.name === name).map(words)])),
    ).toEqual(clouds)
    expect(found.problems.map(({ cloud }) => cloud)).toEqual(refused)
    const chosen = found.clouds.find(({ isDefault }) => isDefault)?.name ?? null
    expect(chosen).toBe(defaultName !== null && refused.includes(defaultName) ? null : defaultName)
  })
})
