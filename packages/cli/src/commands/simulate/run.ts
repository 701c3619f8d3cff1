import type { HetznerSimulator, OpenstackSimulator } from '@imago/simulator'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'
import { Problem } from '../../problem.ts'
import type { SimulateOptions } from './options.ts'
import { parseSize } from '../../writing/option-values.ts'
import { simulatedEnvironment, USERS, writeConfig, type Configured } from '../../simulated-config.ts'

const numberOption = (option: string, text: string | undefined, max: number): number => {
  if (text === undefined) return 0
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > max)
    throw new Problem(`${option}: invalid value ${JSON.stringify(text)}. Use a whole number up to ${max}`, EXIT.usage)
  return number
}

/** Quotas in Keystone's form. Without any, Glance reports none. */
const parseQuotas = ({
  imageQuota,
  storageQuota,
}: SimulateOptions): { readonly images?: number; readonly storage?: number } => {
  if (imageQuota === undefined && storageQuota === undefined) return {}
  return {
    images: imageQuota === undefined ? -1 : numberOption('--image-quota', imageQuota, 1_000_000),
    ...(storageQuota === undefined ? {} : { storage: parseSize('--storage-quota', storageQuota) }),
  }
}

const report = (
  format: SimulateOptions['output'],
  hetzner: HetznerSimulator,
  openstack: OpenstackSimulator,
  configured: Configured,
): string => {
  const env = simulatedEnvironment(hetzner, configured)
  if (format === 'json') {
    const { url, projects } = hetzner
    const tokens = projects.map(({ name, token, readOnlyToken }) => ({ name, token, readOnlyToken }))
    const { authUrl, regions, users, projects: tenants, applicationCredentials } = openstack
    return `${JSON.stringify({ $schema: 'urn:imago:schema:simulation:1', env, hetzner: { url, projects: tokens }, openstack: { url: openstack.url, authUrl, regions, users, projects: tenants, applicationCredentials } }, null, 2)}\n`
  }
  return `Hetzner Cloud       ${hetzner.url}
Keystone, Glance    ${openstack.authUrl}

In another terminal:

${Object.entries(env)
  .map(
    ([name, value]) => `  export ${name}=${/^[\w./+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`,
  )
  .join('\n')}
  imago list

Clouds: ${[...hetzner.projects.map(({ name }) => `hetzner/${name}`), ...USERS.map((name) => `openstack/${name}`)].join(', ')}. Changes are kept in memory only.
To inject faults, POST to /_simulator/faults at either address. To stop, press Ctrl-C.
`
}

/** Resolves when the user stops the simulators. */
export type UntilStopped = () => Promise<void>

/** `imago simulate`: runs simulators of both clouds until stopped. */
export const simulate = async (
  options: SimulateOptions,
  output: Output,
  untilStopped: UntilStopped,
): Promise<ExitCode> => {
  const images = numberOption('--images', options.images, 1_000_000)
  const [hetznerPort, openstackPort] = [
    numberOption('--hetzner-port', options.hetznerPort, 65_535),
    numberOption('--openstack-port', options.openstackPort, 65_535),
  ]
  const { createHetznerSimulator, createOpenstackSimulator } = await import('@imago/simulator')
  const started = <A>(what: string, port: number, start: Promise<A>): Promise<A> =>
    start.catch((error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException
      throw new Problem(
        `cannot start the simulator of ${what}: ${code === 'EADDRINUSE' ? `port ${port} is in use` : message}`,
      )
    })
  const closing: (() => Promise<unknown>)[] = []
  try {
    const hetzner = await started(
      'Hetzner Cloud',
      hetznerPort,
      createHetznerSimulator({ port: hetznerPort, extraSnapshots: images }),
    )
    closing.push(hetzner.close)
    const openstack = await started(
      'OpenStack',
      openstackPort,
      createOpenstackSimulator({ port: openstackPort, generatedImages: images, quotas: parseQuotas(options) }),
    )
    closing.push(openstack.close)
    const directory =
      options.configDir === undefined ? await mkdtemp(join(tmpdir(), 'imago-simulate-')) : resolve(options.configDir)
    if (options.configDir === undefined) closing.push(() => rm(directory, { recursive: true, force: true }))
    output.write(report(options.output, hetzner, openstack, await writeConfig(directory, hetzner, openstack)))
    await output.end()
    await untilStopped()
    return EXIT.done
  } finally {
    await Promise.allSettled(closing.map((close) => close()))
  }
}
