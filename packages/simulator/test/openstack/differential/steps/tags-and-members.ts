import { each, imageId, type Step } from '../step.ts'

const IMAGE = `/v2/images/${imageId('tagged')}`
const MEMBERS = `${IMAGE}/members`

const TAGS = { good: 'a', again: 'a', 'an encoded slash': 'a%2Fb', 'two encoded slashes': 'a%2Fb%2Fc', 'a slash': 'a/b', 'an encoded blank': 'a%20b', plus: 'a+b', 'two bytes': '%C3%BC', 'four bytes': '%F0%9F%98%80', 'not UTF-8': '%FF', '255 characters': 't'.repeat(255), '256 characters': 't'.repeat(256), '128 characters of two bytes': '%C3%BC'.repeat(128), percent: '%2525', 'question mark': 'a%3Fb', dot: '.', 'a dot at the end': 'a.', json: 'a.json', comma: 'a,b' }

export const TAGS_AND_MEMBERS: readonly Step[] = [
  { name: 'tags: an image for it', method: 'POST', path: '/v2/images', body: { id: imageId('tagged'), name: 'tagged', suite: '{{run}}', tags: ['first'] } },
  ...each('tag put', TAGS, (tag) => ({ method: 'PUT', path: `${IMAGE}/tags/${tag}` })),
  { name: 'tags: after put', path: IMAGE },
  ...each('tag delete', { ...TAGS, again: 'a', missing: 'missing' }, (tag) => ({ method: 'DELETE', path: `${IMAGE}/tags/${tag}` })),
  { name: 'tags: after delete', path: IMAGE },
  { name: 'tag put: nothing', method: 'PUT', path: `${IMAGE}/tags/` },
  { name: 'tag put: all of them', method: 'PUT', path: `${IMAGE}/tags` },
  { name: 'tag put: with a body', method: 'PUT', path: `${IMAGE}/tags/body`, body: { tags: [] } },
  { name: 'tag get', path: `${IMAGE}/tags/first` },
  { name: 'tag put: as another', method: 'PUT', path: `${IMAGE}/tags/x`, as: 'other' },
  { name: 'tag put: as a reader', method: 'PUT', path: `${IMAGE}/tags/x`, as: 'reader' },
  { name: 'tag delete: as a reader', method: 'DELETE', path: `${IMAGE}/tags/first`, as: 'reader' },
  { name: 'tag put: no such image', method: 'PUT', path: `/v2/images/${imageId('nobody')}/tags/x` },
  { name: 'tag delete: no such image', method: 'DELETE', path: `/v2/images/${imageId('nobody')}/tags/x` },
  { name: 'tag put: too long, as a reader', method: 'PUT', path: `${IMAGE}/tags/${'t'.repeat(256)}`, as: 'reader' },
  ...each('member add', {
    nothing: '', object: {}, list: [], 'list of one': ['x'], null: null, number: 1, 'text': '"x"', 'the text member': '"member"', 'member null': { member: null }, 'member empty': { member: '' }, 'member blank': { member: ' ' }, 'member number': { member: 5 }, 'member zero': { member: 0 }, 'member list': { member: ['x'] }, 'member object': { member: {} }, 'member true': { member: true }, 'too long': { member: 'm'.repeat(256) }, 'the longest': { member: 'm'.repeat(255) }, 'four bytes': { member: '\u{1F600}' }, 'two bytes': { member: 'ü' }, slash: { member: 'a/b' }, 'another key': { member_id: 'x' }, 'with a status': { member: 'with-status', status: 'accepted' }, own: { member: '{{project demo}}' }, good: { member: '{{project other}}' }, again: { member: '{{project other}}' }, cut: '{"member"',
  }, (body) => ({ method: 'POST', path: MEMBERS, body, ...(typeof body === 'string' ? { headers: { 'content-type': 'application/json' } } : {}) })),
  { name: 'members: all', path: MEMBERS },
  { name: 'members: as the member', path: MEMBERS, as: 'other' },
  { name: 'members: as a reader', path: MEMBERS, as: 'reader' },
  { name: 'member get: good', path: `${MEMBERS}/{{project other}}` },
  { name: 'member get: missing', path: `${MEMBERS}/missing` },
  { name: 'member get: no such image', path: `/v2/images/${imageId('nobody')}/members/x` },
  { name: 'members: no such image', path: `/v2/images/${imageId('nobody')}/members` },
  ...each('member set', { nothing: '', object: {}, list: [], 'list of one': ['x'], null: null, number: 1, text: '"x"', 'the text status': '"status"', 'status null': { status: null }, 'status empty': { status: '' }, unknown: { status: 'maybe' }, 'upper case': { status: 'ACCEPTED' }, number1: { status: 1 }, list1: { status: ['accepted'] }, 'by the owner': { status: 'accepted' } }, (body) => ({ method: 'PUT', path: `${MEMBERS}/{{project other}}`, body, ...(typeof body === 'string' ? { headers: { 'content-type': 'application/json' } } : {}) })),
  ...each('member set by itself', { 'status empty': { status: '' }, unknown: { status: 'maybe' }, accepted: { status: 'accepted' }, pending: { status: 'pending' }, rejected: { status: 'rejected' }, 'with more': { status: 'accepted', member: 'x' } }, (body) => ({ method: 'PUT', path: `${MEMBERS}/{{project other}}`, body, as: 'other' })),
  { name: 'member set: another member, by the member', method: 'PUT', path: `${MEMBERS}/missing`, body: { status: 'accepted' }, as: 'other' },
  { name: 'member set: missing', method: 'PUT', path: `${MEMBERS}/missing`, body: { status: 'accepted' } },
  { name: 'member add: as the member', method: 'POST', path: MEMBERS, body: { member: 'x' }, as: 'other' },
  { name: 'member add: as a reader', method: 'POST', path: MEMBERS, body: { member: 'x' }, as: 'reader' },
  { name: 'member delete: as a reader', method: 'DELETE', path: `${MEMBERS}/{{project other}}`, as: 'reader' },
  { name: 'member delete: by itself', method: 'DELETE', path: `${MEMBERS}/{{project other}}`, as: 'other' },
  { name: 'member delete: missing', method: 'DELETE', path: `${MEMBERS}/missing` },
  { name: 'member delete: good', method: 'DELETE', path: `${MEMBERS}/{{project other}}` },
  { name: 'member delete: again', method: 'DELETE', path: `${MEMBERS}/{{project other}}` },
  { name: 'member delete: no such image', method: 'DELETE', path: `/v2/images/${imageId('nobody')}/members/x` },
  { name: 'members: of a public image', path: `/v2/images/${imageId('public')}/members` },
  { name: 'member add: to a private image', method: 'POST', path: `/v2/images/${imageId('full')}/members`, body: { member: 'x' } },
  { name: 'members: of a private image', path: `/v2/images/${imageId('full')}/members` },
]
