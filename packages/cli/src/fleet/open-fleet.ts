import type * as FleetPackage from '@imago/fleet'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT } from '../exit-code.ts'
import { toProblem } from '../live-problem.ts'
import { secrets } from '../output/mask.ts'
import { Problem } from '../problem.ts'

/** The oldest Node that pg-boss supports. Its package, and so that of the fleet, is not loaded on an older one. */
const FLEET_NODE = '22.12.0'

/** The package of the fleet, which is installed separately. */
export type FleetModule = typeof FleetPackage

const compareVersions = (some: string, other: string): number => {
  const [numbers, others] = [some, other].map((version) => version.split('.').map(Number))
  const at = numbers?.findIndex((number, index) => number !== others?.[index]) ?? -1
  return at < 0 ? 0 : (numbers?.[at] ?? 0) - (others?.[at] ?? 0)
}

/** Loads the package of the fleet. Refuses a Node that is too old for it. */
export const loadFleet = async (nodeVersion: string): Promise<FleetModule> => {
  if (compareVersions(nodeVersion, FLEET_NODE) < 0)
    throw new Problem(
      `imago fleet requires Node ${FLEET_NODE} or later; this is Node ${nodeVersion}. Run it with a newer Node; the other commands run with this one`,
    )
  try {
    return await import('@imago/fleet')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw thrown
    throw new Problem(
      'imago fleet requires the package @imago/fleet. Install it beside @imago/cli: npm install @imago/fleet',
    )
  }
}

const DATABASE = 'IMAGO_FLEET_DATABASE'

/** The URL of the database. Its password is masked in all output. */
export const parseDatabase = (given: string | undefined, env: NodeJS.ProcessEnv): string => {
  const url = given ?? env[DATABASE]
  if (url === undefined || url === '')
    throw new Problem(`the database of the fleet is not set. Use --database postgres://… or ${DATABASE}`, EXIT.usage)
  if (!/^postgres(?:ql)?:\/\//i.test(url) || !URL.canParse(url))
    throw new Problem('--database: not a URL of a PostgreSQL database. Use postgres://USER@HOST/DATABASE', EXIT.usage)
  const { password, searchParams } = new URL(url)
  for (const secret of [password, searchParams.get('password') ?? ''])
    if (secret !== '') for (const spelling of new Set([secret, decodeURIComponent(secret)])) secrets.add(spelling)
  return url
}

/** The process of a command of the fleet. */
export type FleetProcess = Pick<NodeJS.Process, 'env' | 'versions'>

/** Opens the fleet, runs `work`, and closes it. */
export const withFleet = async <A>(
  { database }: { readonly database?: string | undefined },
  { env, versions }: FleetProcess,
  work: (fleet: FleetPackage.Fleet, module: FleetModule) => Promise<A>,
  queueOptions: Partial<FleetPackage.QueueOptions> = {},
): Promise<A> => {
  const module = await loadFleet(versions.node)
  const fleet = await module.openFleet(parseDatabase(database, env), queueOptions)
  if (E.isLeft(fleet)) throw toProblem(fleet.left)
  try {
    return await work(fleet.right, module)
  } finally {
    await fleet.right.close()
  }
}

/** Returns the value of a success. A failure ends the command. */
export const orProblem = <A>(result: E.Either<Parameters<typeof toProblem>[0], A>): A => {
  if (E.isLeft(result)) throw toProblem(result.left)
  return result.right
}
