import { createApp, openRuntime, seedIfEmpty } from './app.ts'
import { mustBeFree, say, stopOnSignals, tellAndExit } from './platform/process.ts'

try {
  const runtime = await openRuntime(process.env)
  const { config, db, log } = runtime
  await mustBeFree(config.port, config.host)
  await seedIfEmpty(runtime, say)
  const app = await createApp(runtime, { web: true })
  stopOnSignals(log, async () => {
    await app.close()
    await db.close()
  })
  await app.server.listen({ port: config.port, host: config.host })
  const address = app.server.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  say(
    `信衡 Xinheng http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port} (${db.engine} ${db.version})`,
  )
} catch (error) {
  tellAndExit(error)
}
