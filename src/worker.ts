import { openJobs, openRuntime } from './app.ts'
import { say, stopOnSignals, tellAndExit } from './platform/process.ts'

/** The jobs alone, beside API processes on one PostgreSQL. */
try {
  const runtime = await openRuntime(process.env)
  const jobs = openJobs(runtime)
  const idle = setInterval(() => {}, 60_000)
  stopOnSignals(runtime.log, async () => {
    clearInterval(idle)
    await jobs.stop()
    await runtime.db.close()
  })
  say(`信衡 Xinheng worker (${runtime.db.engine} ${runtime.db.version})`)
} catch (error) {
  tellAndExit(error)
}
