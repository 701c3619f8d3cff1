const SUBJECT = /^(SSH key|server type|\w+) (\S+)$/

/**
 * Formats that a resource was not found: `server web-1` → `server not found: web-1`. A subject of more parts stays in front: `tag a of image b not found`.
 * `qualifier` follows `not found`, for example ` or not visible`.
 */
export const formatNotFound = (subject: string, qualifier = ''): string => {
  const [, kind, name] = SUBJECT.exec(subject) ?? []
  return kind === undefined || name === undefined
    ? `${subject} not found${qualifier}`
    : `${kind} not found${qualifier}: ${name}`
}
