/** Prometheus text, kept in plain numbers: counting a request costs next to nothing. */

export type Gauge = {
  name: string
  help: string
  read: () => Promise<{ labels?: Record<string, string>; value: number }[]>
}
export type RouteMeter = { count: (status: number, ms: number) => void }
export type Metrics = {
  route: (method: string, path: string) => RouteMeter
  text: (gauges: readonly Gauge[]) => Promise<string>
}

const BOUNDS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000]

const label = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
const labels = (set: Record<string, string> = {}) => {
  const parts = Object.entries(set).map(([k, v]) => `${k}="${label(v)}"`)
  return parts.length ? `{${parts.join(',')}}` : ''
}

type Series = {
  method: string
  path: string
  statuses: Map<number, number>
  buckets: number[]
  sumMs: number
  total: number
}

const histogram = (series: readonly Series[]): string[] => {
  const lines = [
    '# HELP xinheng_http_duration_seconds Time to answer, by route.',
    '# TYPE xinheng_http_duration_seconds histogram',
  ]
  for (const s of series) {
    if (!s.total) continue
    const at = { method: s.method, route: s.path }
    let below = 0
    BOUNDS_MS.forEach((bound, i) => {
      below += s.buckets[i]!
      lines.push(`xinheng_http_duration_seconds_bucket${labels({ ...at, le: String(bound / 1000) })} ${below}`)
    })
    lines.push(`xinheng_http_duration_seconds_bucket${labels({ ...at, le: '+Inf' })} ${s.total}`)
    lines.push(`xinheng_http_duration_seconds_sum${labels(at)} ${s.sumMs / 1000}`)
    lines.push(`xinheng_http_duration_seconds_count${labels(at)} ${s.total}`)
  }
  return lines
}

export const openMetrics = (): Metrics => {
  const series: Series[] = []
  return {
    route: (method, path) => {
      const s: Series = { method, path, statuses: new Map(), buckets: BOUNDS_MS.map(() => 0), sumMs: 0, total: 0 }
      series.push(s)
      return {
        count: (status, ms) => {
          s.statuses.set(status, (s.statuses.get(status) ?? 0) + 1)
          s.sumMs += ms
          s.total++
          for (let i = 0; i < BOUNDS_MS.length; i++) {
            if (ms <= BOUNDS_MS[i]!) {
              s.buckets[i]!++
              break
            }
          }
        },
      }
    },
    text: async (gauges) => {
      const lines = [
        '# HELP xinheng_http_requests_total Requests answered.',
        '# TYPE xinheng_http_requests_total counter',
      ]
      for (const s of series) {
        for (const [status, n] of s.statuses) {
          lines.push(
            `xinheng_http_requests_total${labels({ method: s.method, route: s.path, status: String(status) })} ${n}`,
          )
        }
      }
      lines.push(...histogram(series))
      for (const gauge of gauges) {
        lines.push(`# HELP ${gauge.name} ${gauge.help}`, `# TYPE ${gauge.name} gauge`)
        for (const row of await gauge.read()) lines.push(`${gauge.name}${labels(row.labels)} ${row.value}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}
