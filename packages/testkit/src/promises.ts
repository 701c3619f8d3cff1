/** A promise of `ImageSource`, in the words of its documentation (`packages/core/src/source/source.ts`). */
export interface SourcePromise {
  /** The member that it is made of; `every method`, or `listPage` for those of its options, too. */
  readonly of: string
  readonly text: string
}

/**
 * Every promise that an image source makes, by a short name: the sentences of the documentation of `ImageSource`.
 * Each is checked by the suite; a test compares them with the documentation.
 */
export const PROMISES = {
  answer: {
    of: 'every method',
    text: 'The answer of a source: never throws, never rejects; does nothing until it is run, and runs anew each time.',
  },
  'error-site': {
    of: 'every method',
    text: "An error carries this cloud's provider and name, and the method as its operation.",
  },
  abort: {
    of: 'every method',
    text: 'An aborted signal gives `Aborted`, soon (`createFromBytes`: once it has removed what it made); an already aborted one, without a request.',
  },
  'not-found': {
    of: 'every method',
    text: 'An id that does not exist gives `NotFound`, also when it could not be an id of this provider at all.',
  },
  credentials: {
    of: 'every method',
    text: 'Credentials that are not accepted (HTTP 401) give `Unauthorized`; what they may not do (403) gives `Forbidden`.',
  },
  'rate-limit': {
    of: 'every method',
    text: 'Too many requests (429) give `RateLimited`, with `retryAfterMs` where the provider says how long to wait.',
  },
  unavailable: {
    of: 'every method',
    text: 'A failure of the server (5xx), a broken connection or a cut response gives `Unavailable`.',
  },
  unreadable: { of: 'every method', text: 'A response that cannot be read gives `DecodeFailed`.' },
  slow: { of: 'every method', text: 'A response that is slow, but comes, is waited for.' },
  images: {
    of: 'every method',
    text: "Every image it gives is an `Image` whose `ref` has this cloud's provider, name and region.",
  },
  presence: { of: 'every method', text: 'Optional methods: presence is the capability (`CAPABILITIES`).' },
  capabilities: { of: 'capabilities', text: 'What the adapter can ever do, without asking anyone.' },
  'probe-narrows': {
    of: 'probe',
    text: 'Narrows `capabilities` to this cloud, today, with these credentials: never adds to them.',
  },
  'probe-changes-nothing': { of: 'probe', text: 'Changes nothing at the provider.' },
  'get-hidden': { of: 'get', text: 'Gives hidden images too.' },
  'get-listed': { of: 'get', text: 'What `listPage` gives, `get` gives by `ref.id`.' },
  'first-page': { of: 'listPage', text: 'A `null` cursor asks for the first page.' },
  'default-list': {
    of: 'listPage',
    text: 'Without a `visibility`, lists what the provider lists by default; one that is asked for may show more: community images of others, shares not yet accepted.',
  },
  once: {
    of: 'listPage',
    text: "Each image stands on one page, once, in the provider's order; filtered by those fields of `query` that are in `capabilities.filters`, and no others.",
  },
  filters: {
    of: 'listPage',
    text: 'A field in `capabilities.filters` filters exactly as `matches` does: hidden images are left out unless asked for only if `hidden` is one.',
  },
  'same-cursor': { of: 'listPage', text: 'Asked again with the same cursor, it answers anew.' },
  ahead: { of: 'listPage', text: '`ahead`, if given, begins with `next`.' },
  'rejected-and-drift': {
    of: 'listPage',
    text: 'A record that cannot be read is in `rejected`; an unexpected word, key or type in `drift`.',
  },
  'whole-page': { of: 'listPage', text: 'Neither costs the page.' },
  'page-size': { of: 'listPage', text: 'How many images a page should hold, at most; the same throughout a listing.' },
  'on-next': {
    of: 'listPage',
    text: 'Is told the `next` of the page once that is known, which may be long before all its records are read.',
  },
  owner: {
    of: 'owner',
    text: 'The value of `Image.owner` on every image that these credentials create; `null`: such images have no owner.',
  },
  update: { of: 'update', text: 'Gives the image as it is afterwards; fields not named stay.' },
  'update-unsupported': {
    of: 'update',
    text: 'A field outside `capabilities.changes` gives `Unsupported`, and then nothing is changed.',
  },
  delete: { of: 'delete', text: 'Afterwards `get` gives `NotFound`, or the image as `deleting` or `deleted`.' },
  'delete-protected': { of: 'delete', text: 'A protected image gives `Forbidden` with reason `protected`, and stays.' },
  protect: {
    of: 'protect',
    text: 'Gives the image with `protected` as asked; asking for what it already is succeeds.',
  },
  hide: { of: 'hide', text: 'Gives the image with `hidden` as asked; asking for what it already is succeeds.' },
  deactivate: {
    of: 'deactivate',
    text: 'Gives the image as `unavailable`, or `available` again; asking for what it already is succeeds.',
  },
  visibility: { of: 'setVisibility', text: 'Gives the image with `visibility` as asked.' },
  'visibility-forbidden': { of: 'setVisibility', text: 'What the user may not set gives `Forbidden`.' },
  shares: {
    of: 'shares',
    text: "The projects that the image is shared with, on however many pages: all of them for its owner, one's own for who is among them.",
  },
  share: { of: 'share', text: 'Gives all shares of the image as they are afterwards.' },
  servers: {
    of: 'servers',
    text: 'The servers that `createFromServer` can take; with a `name`, only those that are called just so.',
  },
  'server-image': {
    of: 'createFromServer',
    text: 'Returns when the work has begun: the image exists, `pending`, and `operation` says how it goes.',
  },
  'no-server': { of: 'createFromServer', text: 'A server that does not exist gives `NotFound`.' },
  create: {
    of: 'create',
    text: 'Gives the new image, `pending`, with every field that was asked for; one that the provider cannot hold gives `Rejected`, and then nothing is made.',
  },
  'upload-once': {
    of: 'upload',
    text: 'Only for an image without data: any other gives `Conflict`, and keeps its data.',
  },
  upload: {
    of: 'upload',
    text: 'Gives the image once it holds all bytes; a failure before that leaves it not `available`.',
  },
  'upload-size': { of: 'upload', text: 'If `bytes` knows its size, another number of bytes gives `IntegrityFailed`.' },
  'upload-failure': { of: 'upload', text: 'A failure of `bytes` is given as it is.' },
  download: { of: 'download', text: 'Gives the bytes as stored; reads none before they are opened.' },
  'download-digests': { of: 'download', text: "Their digests are those that the image has `of: 'stored'`." },
  'no-data': { of: 'download', text: 'An image without data gives `Conflict`; a deactivated one `Forbidden`.' },
  'byte-image-disk': {
    of: 'createFromBytes',
    text: 'Makes record and data at once, where a provider has no record without data.',
  },
  'byte-image-raw': { of: 'createFromBytes', text: '`bytes` are those of a disk, raw.' },
  'byte-image': {
    of: 'createFromBytes',
    text: 'Gives the image once it holds all bytes, and they were read back as far as `verified` says.',
  },
  'byte-image-failure': {
    of: 'createFromBytes',
    text: 'A failure leaves nothing behind; a killed process may (`orphans`).',
  },
  estimate: { of: 'estimate', text: 'What `createFromBytes` or `download` would need.' },
  'estimate-changes-nothing': { of: 'estimate', text: 'Changes nothing.' },
  'upload-limits': {
    of: 'uploadLimits',
    text: 'What new images can be, and what the quotas leave, as far as the provider tells.',
  },
  'upload-limits-change-nothing': { of: 'uploadLimits', text: 'Changes nothing at the provider.' },
  orphans: { of: 'orphans', text: 'What runs of imago made for themselves and left.' },
  'orphans-running': { of: 'orphans', text: 'Those of a run that still goes on are among them.' },
  'delete-orphan': { of: 'deleteOrphan', text: 'Removes it; one that is gone already is a success.' },
  'import-once': { of: 'importFromUrl', text: 'Only for an image without data.' },
  import: { of: 'importFromUrl', text: 'Returns when the provider has taken the work on.' },
  copy: { of: 'copyToStore', text: 'Returns when the provider has taken the work on.' },
  'no-store': { of: 'copyToStore', text: 'A store that does not exist gives `Rejected`.' },
  operations: {
    of: 'operations',
    text: 'All work that the provider knows of for this image, on however many pages, the newest first; empty if there is none.',
  },
  operation: { of: 'operation', text: 'How an operation that another method gave stands now.' },
  usage: {
    of: 'usage',
    text: 'Every reference between images of this cloud and servers, volumes and images that the credentials can see, on however many pages; also to images that are gone.',
  },
  'usage-sources': {
    of: 'usage',
    text: '`sources` has every list that can hold one; `read` are those of which every record of every page was read.',
  },
  'usage-listing': { of: 'usage', text: 'Given a `listing`, it runs that instead of listing images itself.' },
  'usage-changes-nothing': { of: 'usage', text: 'Changes nothing at the provider.' },
  prices: {
    of: 'prices',
    text: 'What the provider charges for storing images; amounts are decimal text.',
  },
  'prices-change-nothing': { of: 'prices', text: 'Changes nothing at the provider.' },
  'operation-returns': { of: 'operation', text: 'Does not wait (`waitFor` does).' },
} as const satisfies Readonly<Record<string, SourcePromise>>

export type PromiseName = keyof typeof PROMISES

/** `delete: “A protected image gives …”` */
export const quote = (name: PromiseName): string => `${PROMISES[name].of}: “${PROMISES[name].text}”`
