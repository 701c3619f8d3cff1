// fetch-pages.mjs glance|hetzner: fetches the pages of a listing one after another and prints their IDs: the minimum work of any program.
const [kind] = process.argv.slice(2)
const { BENCH_URL: url, BENCH_TOKEN: token } = process.env
const headers = kind === 'glance' ? { 'x-auth-token': token } : { authorization: `Bearer ${token}` }
const next = {
  glance: (page) => page.next,
  hetzner: ({ meta: { pagination } }) =>
    pagination.next_page === null
      ? undefined
      : `/v1/images?include_deprecated=true&per_page=50&page=${pagination.next_page}`,
}[kind]
for (
  let path = kind === 'glance' ? '/v2/images?limit=1000' : '/v1/images?include_deprecated=true&per_page=50';
  path !== undefined;
) {
  const page = await (await fetch(new URL(path, url), { headers })).json()
  process.stdout.write(page.images.map(({ id }) => `${id} \n`).join(''))
  path = next(page)
}
