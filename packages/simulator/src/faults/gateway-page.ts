import { STATUS_CODES } from 'node:http'

/** Creates nginx's error page for an unreachable upstream server. */
export const gatewayPage = (status: number): string => {
  const title = `${status} ${STATUS_CODES[status] ?? 'Unknown'}`
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
}
