import type { Socket } from 'node:net'

/** What cannot even be read as HTTP has no request, no language and no route: one plain answer in both languages, then the line is cut. */
const ANSWERS: Record<string, { status: string; code: string; detail: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'HEADERS_TOO_LARGE',
    detail:
      '请求头过大，请清除本站点的 Cookie 后重试。 / The headers are too large; clear the cookies of this site and try again.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'REQUEST_TIMEOUT',
    detail: '请求未在规定时间内传完，请重新提交。 / The request did not arrive in time; send it again.',
  },
}
const UNREADABLE = {
  status: '400 Bad Request',
  code: 'BAD_REQUEST_LINE',
  detail:
    '请求不符合 HTTP 格式：网址中的汉字应先编码（例如 %E5%B9%BF）。 / This is not readable as HTTP: characters beyond ASCII in the address must be percent-encoded.',
}

export const answerUnreadable = (error: Error & { code?: string }, socket: Socket): void => {
  if (!socket.writable || socket.destroyed || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, code, detail } = ANSWERS[error.code ?? ''] ?? UNREADABLE
  const number = Number(status.slice(0, status.indexOf(' ')))
  const body = JSON.stringify({
    type: `urn:xinheng:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: status.slice(status.indexOf(' ') + 1),
    status: number,
    code,
    detail,
  })
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
