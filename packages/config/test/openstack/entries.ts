import type { Findings, OpenstackCloud } from '../../src/index.ts'

/** An entry that lacks nothing. */
export const WHOLE = `auth: {auth_url: 'https://k/v3', username: u, password: p, project_id: x, user_domain_id: default}`

/** A clouds.yaml with one entry, `lab`. */
export const lab = (body: string, name = 'lab'): string => `clouds:\n  ${name}:\n${body.replace(/^/gm, '    ')}\n`

export const openstackOf = ({ clouds }: Findings): readonly OpenstackCloud[] => clouds.filter((cloud) => cloud.provider === 'openstack')
export const namesOf = (found: Findings): readonly string[] => found.clouds.map(({ name }) => name)
export const whatOf = (found: Findings): readonly string[] => found.problems.map(({ cloud, what }) => `${cloud ?? '-'}: ${what}`)
