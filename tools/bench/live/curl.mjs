import { writeFileSync } from 'node:fs'

/** `curl --config`: the token is in a file, not in the process list. All requests use one connection. */
export const curlConfig = (file, urls, header, more = []) => {
  writeFileSync(
    file,
    [`header = "${header}"`, 'silent', 'fail', ...more, ...urls.map((url) => `url = "${url}"`), ''].join('\n'),
    { mode: 0o600 },
  )
  return ['curl', '--config', file]
}
