/** Whether to list the resources of all projects, which needs an administrator. */
export interface AllTenants {
  readonly allTenants?: boolean | undefined
}

/** Nova and Cinder still call projects tenants here. */
export const tenantsQuery = ({ allTenants }: AllTenants): readonly (readonly [string, string])[] =>
  allTenants === true ? [['all_tenants', '1']] : []
