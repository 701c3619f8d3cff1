import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

/** A user of the lab's Keystone, in the domain `Default`. */
export const LabUser = t.readonly(
  t.type({
    id: t.string,
    name: t.string,
    password: t.string,
    /** The name of the project in which it has its roles. */
    project: t.string,
    roles: t.readonlyArray(t.string),
  }),
  'LabUser',
)
export type LabUser = t.TypeOf<typeof LabUser>

/** Nova, Placement and Cinder of a lab that was started with `--compute`. */
export const LabCompute = t.readonly(
  t.type({
    /** Nova's URL, with `/v2.1`. */
    computeUrl: t.string,
    /** Cinder's URL, with `/v3` and without a project. */
    volumeUrl: t.string,
    /** Placement's URL. */
    placementUrl: t.string,
    /** Names, which are also the IDs; the smallest first. */
    flavors: t.readonlyArray(t.string),
    pids: t.readonly(t.type({ placement: t.Int, nova: t.Int, cinder: t.Int })),
  }),
  'LabCompute',
)
export type LabCompute = t.TypeOf<typeof LabCompute>

/** A Keystone and a Glance on loopback, as described in `lab.json` by `lab/up.sh`. */
export const Lab = t.readonly(
  t.type({
    /** The directory of all files of this lab. */
    state: t.string,
    /** The OpenStack release: Debian 12's (Glance 25, Keystone 22), or the newest (Glance 33, Keystone 30). */
    release: t.keyof({ debian: null, newest: null }),
    /** The directory of the release's Python and clients. */
    programs: t.string,
    /** Keystone's URL, with `/v3`. */
    authUrl: t.string,
    /** Glance's URL, without a version. */
    imageUrl: t.string,
    region: t.string,
    /** A file with the clouds `demo`, `demo-reader`, `other`, `admin` and `demo-appcred`. */
    cloudsYaml: t.string,
    /** IDs by name. */
    projects: t.readonly(t.type({ admin: t.string, demo: t.string, other: t.string, service: t.string })),
    /** `demo` is a member of the project demo, `demo-reader` a reader there, `other` a member of another project. */
    users: t.readonly(t.type({ admin: LabUser, demo: LabUser, 'demo-reader': LabUser, other: LabUser })),
    /** Belongs to the user demo, for its project. */
    applicationCredential: t.readonly(t.type({ id: t.string, name: t.string, secret: t.string })),
    /** The default store first; `web` is read-only. */
    stores: t.readonlyArray(t.string),
    compute: t.union([t.null, LabCompute]),
    pids: t.readonly(t.type({ keystone: t.Int, glance: t.Int })),
    /** By package name in Debian or in the Python package index. */
    versions: t.readonly(t.record(t.string, t.string)),
  }),
  'Lab',
)
export type Lab = t.TypeOf<typeof Lab>

const textIn = (state: string): string => {
  try {
    return readFileSync(join(state, 'lab.json'), 'utf8')
  } catch {
    throw new Error(`there is no running lab in ${state}. Start one: npm run lab:up`)
  }
}

/** The places of the errors, without the values: some are passwords. */
const formatPlaces = (errors: t.Errors): string =>
  errors.map(({ context }) => context.map(({ key }) => key).join('/')).join(', ')

/**
 * Reads the lab with this state directory.
 * @throws if there is none, or if another version of the scripts started it
 */
export const readLab = (state: string): Lab => {
  const lab = Lab.decode(JSON.parse(textIn(state)))
  if (E.isRight(lab)) return lab.right
  throw new Error(
    `${join(state, 'lab.json')} is not as this version writes it (at ${formatPlaces(lab.left)}). Start the lab anew: npm run lab:down, npm run lab:up`,
  )
}

/**
 * Reads the labs for tests from the state directories in IMAGO_LAB_STATES (`npm run test:lab` sets it, to two of them).
 * @throws if the variable is not set
 */
export const runningLabs = (environment: Readonly<Record<string, string | undefined>>): readonly [Lab, ...Lab[]] => {
  const [first, ...others] = (environment['IMAGO_LAB_STATES'] ?? '').split(delimiter).filter((state) => state !== '')
  if (first === undefined) throw new Error('IMAGO_LAB_STATES names no lab. Run these tests by: npm run test:lab')
  return [readLab(first), ...others.map(readLab)]
}

/** A lab with Nova, Placement and Cinder. */
export type ComputeLab = Lab & { readonly compute: LabCompute }

/**
 * Reads the lab for tests of servers and volumes from the state directory in IMAGO_LAB_COMPUTE (`npm run test:lab` sets it for tests named
 * `*.compute.lab.test.ts`).
 * @throws if the variable is not set, or the lab lacks these servers
 */
export const runningComputeLab = (environment: Readonly<Record<string, string | undefined>>): ComputeLab => {
  const state = environment['IMAGO_LAB_COMPUTE'] ?? ''
  if (state === '') throw new Error('IMAGO_LAB_COMPUTE names no lab. Run these tests by: npm run test:lab')
  const lab = readLab(state)
  const { compute } = lab
  if (compute === null)
    throw new Error(`the lab in ${state} has no Nova and Cinder. Add them: npm run lab:up -- --compute`)
  return { ...lab, compute }
}
