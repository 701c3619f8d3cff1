import { isObject } from '../../json.ts'
import { getFieldValue } from '../body.ts'
import type { Member, MemberStatus, StoredImage } from './image.ts'
import { isVisible, owns, requireOwner, requireVisibleImage, type Caller } from './policy.ts'
import { imageNotFound, notAuthorized, refuse, serverError } from './refusal.ts'
import { update, type GlanceState } from './state.ts'
import { refuseFourBytes } from './validate.ts'

const STATUSES: readonly MemberStatus[] = ['pending', 'accepted', 'rejected']

const mayManage = (caller: Caller, image: StoredImage): boolean => caller.isAdmin || owns(caller, image)

const noMember = (id: string, member: string) =>
  refuse(404, `${member} not found in the member list of the image ${id}.`)

/** Members and tags have a different message from images. */
const memberImage = (state: GlanceState, caller: Caller, id: string): StoredImage => {
  const image = state.images.get(id)
  if (image === undefined || !isVisible(caller, image)) throw imageNotFound(id)
  return requireVisibleImage(state, caller, id)
}

const sharedImage = (state: GlanceState, caller: Caller, id: string, doing: string): StoredImage => {
  const image = memberImage(state, caller, id)
  if (image.visibility !== 'shared') throw refuse(403, `Not allowed to ${doing} members for image ${id}.`)
  return image
}

/** The owner sees all members; a member sees only itself. */
export const listMembers = (state: GlanceState, caller: Caller, id: string): readonly Member[] => {
  const image = memberImage(state, caller, id)
  if (image.visibility !== 'shared')
    throw refuse(403, `Not allowed to list members for image ${id}: Only shared images have members.`)
  return [...image.members.values()].filter((member) => mayManage(caller, image) || member.id === caller.project)
}

export const getMember = (state: GlanceState, caller: Caller, id: string, memberId: string): Member => {
  const member = listMembers(state, caller, id).find((each) => each.id === memberId)
  if (member === undefined) throw noMember(id, memberId)
  return member
}

/** Whether a value is false in Python. */
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  (isObject(value) && Object.keys(value).length === 0) ||
  (Array.isArray(value) && value.length === 0)

const readMemberId = (body: unknown): string => {
  if (Array.isArray(body)) throw refuse(400, 'Expected a member in the form: {"member": "image_id"}')
  const member = getFieldValue(body, 'member')
  if (member === undefined) throw refuse(400, 'Member to be added not specified')
  if (isEmpty(member)) throw refuse(400, "Member can't be empty")
  if (typeof member !== 'string' && typeof member !== 'number' && member !== true) throw serverError()
  const id = String(member)
  refuseFourBytes('member', id)
  return id
}

export const addMember = (state: GlanceState, caller: Caller, id: string, body: unknown): Member => {
  const memberId = readMemberId(body)
  const image = sharedImage(state, caller, id, 'create')
  requireOwner(caller, image, 'add_member')
  if (image.members.has(memberId)) throw refuse(409, `Member ${memberId} is duplicated for image ${id}`)
  const { members: maximum } = state.quotas
  const attempted = image.members.size + 1
  if (attempted > maximum) {
    throw refuse(
      413,
      `Image member limit exceeded for image ${id}: The limit has been exceeded on the number of allowed image members for this image. Attempted: ${attempted}, Maximum: ${maximum}:`,
    )
  }
  const now = state.now()
  const member: Member = { id: memberId, status: 'pending', createdAt: now, updatedAt: now }
  update(state, id, { members: new Map([...image.members, [memberId, member]]) })
  return member
}

/** Only the member itself may accept or reject; the owner may not. */
export const setMemberStatus = (
  state: GlanceState,
  caller: Caller,
  id: string,
  memberId: string,
  body: unknown,
): Member => {
  if (Array.isArray(body)) throw refuse(400, 'Expected a status in the form: {"status": "status"}')
  const status = STATUSES.find((each) => each === getFieldValue(body, 'status'))
  if (getFieldValue(body, 'status') === undefined) throw refuse(400, 'Status not specified')
  const image = sharedImage(state, caller, id, 'modify')
  const member = image.members.get(memberId)
  if (member === undefined) throw noMember(id, memberId)
  if (!caller.isAdmin && (!caller.isMember || caller.project !== memberId))
    throw mayManage(caller, image) || !caller.isMember ? notAuthorized('modify_member') : noMember(id, memberId)
  if (status === undefined) throw refuse(400, 'Incorrect request: Status must be "pending", "accepted" or "rejected".')
  const changed: Member = { ...member, status, updatedAt: state.now() }
  update(state, id, { members: new Map([...image.members, [memberId, changed]]) })
  return changed
}

export const removeMember = (state: GlanceState, caller: Caller, id: string, memberId: string): void => {
  const shared = sharedImage(state, caller, id, 'delete')
  requireOwner(caller, shared, 'delete_member')
  if (!shared.members.has(memberId)) throw noMember(id, memberId)
  update(state, id, { members: new Map([...shared.members].filter(([key]) => key !== memberId)) })
}
