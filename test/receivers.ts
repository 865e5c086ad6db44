/** Real receivers for messages: a mail server, one that never speaks, and a text-message service. */
import { type IncomingMessage, createServer as createHttp } from 'node:http'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type Mail = { to: string[]; from: string; raw: string; secure: boolean; user: string | undefined }
export type MailServer = { port: number; mails: Mail[]; close: () => Promise<void> }

/** Refuses a mail by its number among those handed over, with an SMTP code; null takes it. */
export type MailOptions = SMTPServerOptions & { answer?: (n: number) => number | null; refuseAddress?: number }

export const openMailServer = async ({ answer, refuseAddress, ...options }: MailOptions = {}): Promise<MailServer> => {
  const mails: Mail[] = []
  let handed = 0
  const failure = (code: number) => Object.assign(new Error('not now'), { responseCode: code })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_, __, done) => (refuseAddress ? done(failure(refuseAddress)) : done()),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (c: Buffer) => chunks.push(c))
      stream.on('end', () => {
        const code = answer?.(++handed) ?? null
        if (code !== null) return done(failure(code))
        const { envelope, secure } = session
        mails.push({
          to: envelope.rcptTo.map((r) => r.address),
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          raw: Buffer.concat(chunks).toString('utf8'),
          secure,
          user: session.user,
        })
        return done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

/** Takes the connection and says nothing. */
export const openSilence = async (): Promise<{ port: number; close: () => Promise<void> }> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  }
}

export type Text = { headers: IncomingMessage['headers']; body: string }
/** `answer` gives the status for the n-th request; 'hang' never answers. */
export const openTextService = async (
  answer: (n: number) => number | 'hang' = () => 200,
): Promise<{ url: string; texts: Text[]; close: () => Promise<void> }> => {
  const texts: Text[] = []
  const server = createHttp((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (c: Buffer) => chunks.push(c))
    request.on('end', () => {
      texts.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      const status = answer(texts.length)
      if (status !== 'hang') response.writeHead(status).end('{}')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    texts,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}
