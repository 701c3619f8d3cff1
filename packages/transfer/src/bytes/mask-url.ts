/** A URL for display: user, password and query may be secret, and are replaced by `…`. */
export const maskUrl = (url: string | URL): string => {
  const text = String(url)
  if (!URL.canParse(text)) return text.replace(/[?#].*$/s, '?…').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1…@')
  const { protocol, host, pathname, search, username, password } = new URL(text)
  return `${protocol}//${username === '' && password === '' ? '' : '…@'}${host}${pathname}${search === '' ? '' : '?…'}`
}
