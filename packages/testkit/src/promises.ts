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
  result: {
    of: 'every method',
    text: 'The result of a source: never throws, never rejects; does nothing until it is run, and starts anew on each run.',
  },
  'error-site': {
    of: 'every method',
    text: "An error carries this cloud's provider and name, and the method as its operation.",
  },
  abort: {
    of: 'every method',
    text: 'An aborted signal gives `Aborted` promptly (`createFromBytes`: after it has deleted what it created); a signal aborted before the call, without a request.',
  },
  'not-found': {
    of: 'every method',
    text: 'An unknown ID gives `NotFound`, even if it has a form that no ID of this provider has.',
  },
  credentials: {
    of: 'every method',
    text: 'Rejected credentials (HTTP 401) give `Unauthorized`; missing permissions (403) give `Forbidden`.',
  },
  'rate-limit': {
    of: 'every method',
    text: 'Too many requests (429) give `RateLimited`, with `retryAfterMs` if the provider returns the time to wait.',
  },
  unavailable: {
    of: 'every method',
    text: 'A server error (5xx), a broken connection or a truncated response gives `Unavailable`.',
  },
  unreadable: { of: 'every method', text: 'A response that cannot be decoded gives `DecodeFailed`.' },
  slow: { of: 'every method', text: 'A slow response is awaited and does not cause an error.' },
  images: {
    of: 'every method',
    text: "Every returned image is an `Image` whose `ref` has this cloud's provider, name and region.",
  },
  presence: {
    of: 'every method',
    text: 'An optional method is present exactly if the source has that capability (`CAPABILITIES`).',
  },
  capabilities: { of: 'capabilities', text: 'Everything that the adapter supports, known without a request.' },
  'probe-narrows': {
    of: 'probe',
    text: 'Narrows `capabilities` to what this cloud and these credentials support now; never adds to them.',
  },
  'probe-changes-nothing': { of: 'probe', text: 'Changes nothing at the provider.' },
  'get-hidden': { of: 'get', text: 'Returns hidden images too.' },
  'get-listed': { of: 'get', text: 'An image that `listPage` returns is also returned by `get` for its `ref.id`.' },
  'first-page': { of: 'listPage', text: 'A `null` cursor requests the first page.' },
  'default-list': {
    of: 'listPage',
    text: 'Without a `visibility`, lists what the provider lists by default; a requested `visibility` may add community images of others and shares not yet accepted.',
  },
  once: {
    of: 'listPage',
    text: "Each image is listed exactly once, in the provider's order; only those fields of `query` apply that are in `capabilities.filters`.",
  },
  filters: {
    of: 'listPage',
    text: 'A field in `capabilities.filters` filters exactly as `matches` does; hidden images are excluded by default only if `hidden` is such a field.',
  },
  'same-cursor': { of: 'listPage', text: 'A second call with the same cursor requests the page again.' },
  ahead: { of: 'listPage', text: '`ahead`, if present, starts with `next`.' },
  'rejected-and-drift': {
    of: 'listPage',
    text: 'An unreadable record is added to `rejected`; an unexpected word, key or type to `drift`.',
  },
  'whole-page': { of: 'listPage', text: 'In both cases the rest of the page is returned.' },
  'page-size': { of: 'listPage', text: 'Maximum number of images per page; constant during a listing.' },
  'on-next': {
    of: 'listPage',
    text: "Called with the page's `next` as soon as it is known, which may be long before all its records are read.",
  },
  owner: {
    of: 'owner',
    text: 'The value of `Image.owner` of images that these credentials create; `null`: such images have no owner.',
  },
  update: { of: 'update', text: 'Returns the updated image; other fields keep their values.' },
  'update-unsupported': {
    of: 'update',
    text: 'A field outside `capabilities.changes` gives `Unsupported`, and nothing is changed.',
  },
  delete: { of: 'delete', text: 'Afterwards `get` returns `NotFound`, or the image as `deleting` or `deleted`.' },
  'delete-protected': {
    of: 'delete',
    text: 'A protected image gives `Forbidden` with reason `protected`, and is kept.',
  },
  protect: {
    of: 'protect',
    text: 'Returns the image with the requested `protected`; requesting the current value succeeds.',
  },
  hide: { of: 'hide', text: 'Returns the image with the requested `hidden`; requesting the current value succeeds.' },
  deactivate: {
    of: 'deactivate',
    text: 'Returns the image as `unavailable`, or `available` again; requesting the current state succeeds.',
  },
  visibility: { of: 'setVisibility', text: 'Returns the image with the requested `visibility`.' },
  'visibility-forbidden': { of: 'setVisibility', text: 'A value that the user may not set gives `Forbidden`.' },
  shares: {
    of: 'shares',
    text: 'Returns the projects that the image is shared with, from all pages: every project for the owner, only their own for a member.',
  },
  share: { of: 'share', text: 'Returns all shares of the image after the change.' },
  servers: {
    of: 'servers',
    text: 'Returns the servers that `createFromServer` accepts; with a `name`, only those with exactly that name.',
  },
  'server-image': {
    of: 'createFromServer',
    text: 'Returns when the work has begun: the image exists, `pending`, and `operation` has the progress.',
  },
  'no-server': { of: 'createFromServer', text: 'A server that does not exist gives `NotFound`.' },
  create: {
    of: 'create',
    text: 'Returns the new image, `pending`, with all requested fields; a field that the provider cannot store gives `Rejected`, and nothing is created.',
  },
  'upload-once': {
    of: 'upload',
    text: 'Only for an image without data; any other gives `Conflict`, and keeps its data.',
  },
  upload: {
    of: 'upload',
    text: 'Returns the image when it holds all bytes; after an earlier failure, the image is not `available`.',
  },
  'upload-size': {
    of: 'upload',
    text: 'If `bytes.size` is known, a different number of bytes gives `IntegrityFailed`.',
  },
  'upload-failure': { of: 'upload', text: 'A failure of `bytes` is returned unchanged.' },
  download: { of: 'download', text: 'Returns the bytes as stored; reads nothing before `open`.' },
  'download-digests': { of: 'download', text: "Their digests are the image's digests with `of: 'stored'`." },
  'no-data': { of: 'download', text: 'An image without data gives `Conflict`; a deactivated image gives `Forbidden`.' },
  'byte-image-disk': {
    of: 'createFromBytes',
    text: 'Creates an image with its data, at providers that have no images without data.',
  },
  'byte-image-raw': { of: 'createFromBytes', text: '`bytes` are a raw disk.' },
  'byte-image': {
    of: 'createFromBytes',
    text: 'Returns the image when it holds all bytes, verified to the level in `verified`.',
  },
  'byte-image-failure': {
    of: 'createFromBytes',
    text: 'A failure leaves nothing behind; a killed process may (`orphans`).',
  },
  estimate: { of: 'estimate', text: 'Returns what `createFromBytes` or `download` would need.' },
  'estimate-changes-nothing': { of: 'estimate', text: 'Changes nothing.' },
  'upload-limits': {
    of: 'uploadLimits',
    text: 'Returns the limits of new images and the remaining quotas, as far as the provider reports them.',
  },
  'upload-limits-change-nothing': { of: 'uploadLimits', text: 'Changes nothing at the provider.' },
  orphans: { of: 'orphans', text: 'Returns the temporary resources that runs of imago left behind.' },
  'orphans-running': { of: 'orphans', text: 'Includes those of runs in progress.' },
  'delete-orphan': { of: 'deleteOrphan', text: 'Deletes the resource; succeeds if it is already gone.' },
  'import-once': { of: 'importFromUrl', text: 'Only for an image without data.' },
  import: { of: 'importFromUrl', text: 'Returns when the provider has accepted the work.' },
  copy: { of: 'copyToStore', text: 'Returns when the provider has accepted the work.' },
  'no-store': { of: 'copyToStore', text: 'A store that does not exist gives `Rejected`.' },
  operations: {
    of: 'operations',
    text: 'Returns all work that the provider reports for this image, from all pages, newest first; empty if there is none.',
  },
  operation: { of: 'operation', text: 'Returns the current state of an operation that another method returned.' },
  usage: {
    of: 'usage',
    text: 'Returns every reference between images of this cloud and the servers, volumes and images that the credentials can see, from all pages; also references to deleted images.',
  },
  'usage-sources': {
    of: 'usage',
    text: '`sources` contains every list that can hold references; its `completeness` is `read` only if every record of every page was read.',
  },
  'usage-listing': { of: 'usage', text: 'Runs `listing`, if given, instead of listing images itself.' },
  'usage-changes-nothing': { of: 'usage', text: 'Changes nothing at the provider.' },
  prices: {
    of: 'prices',
    text: 'Returns what the provider charges for storing images; amounts are decimal strings.',
  },
  'prices-change-nothing': { of: 'prices', text: 'Changes nothing at the provider.' },
  'operation-returns': { of: 'operation', text: 'Does not wait (`waitFor` does).' },
} as const satisfies Readonly<Record<string, SourcePromise>>

export type PromiseName = keyof typeof PROMISES

/** `delete: “A protected image gives …”` */
export const quote = (name: PromiseName): string => `${PROMISES[name].of}: “${PROMISES[name].text}”`
