import { openWorld, penalty, usccOf } from './records-world.ts'
import { inTx } from '../src/platform/outbox.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'
import { storeRecords, dispose, listRecordsOfSubject } from '../src/capabilities/records/index.ts'
import { publicFileText } from '../src/capabilities/records/service.ts'
import { sql } from 'kysely'
import { day } from '../src/kernel/time.ts'
const N = Number(process.argv[2] ?? 60000), SUBJ = Number(process.argv[3] ?? 20000), CH = 5000
const w = await openWorld((process.argv[4] as 'postgres') ?? 'postgres')
const ctx = w.ctx
import { readFileSync, readdirSync } from 'node:fs'
const pgcpu = () => { let t = 0; for (const d of readdirSync('/proc')) { if (!/^\d+$/.test(d)) continue; try { const c = readFileSync(`/proc/${d}/stat`, 'utf8'); const cl = readFileSync(`/proc/${d}/cmdline`, 'utf8'); if (cl.startsWith('postgres: ') && cl.includes(' world')) { const f = c.slice(c.lastIndexOf(')') + 2).split(' '); t += (Number(f[11]) + Number(f[12])) / 100 } } catch {} } return t }
await sql`select 1`.execute(ctx.db.kysely); const pg0 = pgcpu()
let tr = 0, ts = 0, cpu = process.cpuUsage()
const t0 = performance.now()
for (let at = 0; at < N; at += CH) {
  await inTx(ctx, async (tx) => {
    const a = performance.now()
    const asks = Array.from({ length: CH }, (_, i) => { const s = (at + i) * 7919 % SUBJ; return { kind: 'enterprise' as const, name: `广州测试${s}贸易有限公司`, uscc: usccOf(s), division: null } })
    const answers = await resolveSubjects(tx, ctx, asks)
    const b = performance.now()
    const rows = answers.map((x, i) => {
      if (!x.ok) throw new Error()
      const r = penalty(x.subjectId, at + i)
      return { ...r, newSubject: x.isNew, facts: { ...r.facts, fineYuan: 1000 + ((at + i) % 500) * 100 }, fields: { ...r.fields, violation: '违反食品安全法第三十四条', basis: '《中华人民共和国食品安全法》第一百二十四条第一款', subject_category: 'organisation', uscc: asks[i]!.uscc, authority_name: r.authorityName, authority_code: '11440106007500000A', source_name: r.authorityName, source_code: '11440106007500000A', remarks: '无', procedure: 'ordinary', public_until: '2029-01-01', representative_name: '张三', confiscated: '0', field: 'food', registration_no: '440106000012345', tax_no: '914401060000' } }
    })
    const c = performance.now()
    await storeRecords(tx, ctx, rows)
    tr += b - a; ts += performance.now() - c
  })
}
const dt = (performance.now() - t0) / 1000
const u = process.cpuUsage(cpu)
console.log(`rows/s ${(N / dt).toFixed(0)}  resolve ${(tr/1000).toFixed(2)}s store ${(ts/1000).toFixed(2)}s total ${dt.toFixed(2)} node cpu ${(u.user+u.system)/1e6}`)
console.log('pg cpu us/row', ((pgcpu() - pg0) / N * 1e6).toFixed(1), 'node us/row', ((u.user + u.system) / N).toFixed(1))
const size = await sql<any>`select pg_size_pretty(pg_relation_size('records.record')) t, pg_size_pretty(pg_indexes_size('records.record')) i, (select avg(pg_column_size(windows))::int from records.record) w, (select avg(pg_column_size(fields))::int from records.record) f, (select avg(pg_column_size(facts))::int from records.record) fa, (select count(*)::int from records.basis) b`.execute(ctx.db.kysely)
console.log(size.rows)
// bare copy
if (!process.argv[4]) {
  await ctx.db.maintain()
  await sql`create table records.copy (like records.record including all)`.execute(ctx.db.kysely)
  await sql`copy records.record to '/tmp/rec.copy'`.execute(ctx.db.kysely)
  const t1 = performance.now(), c1 = pgcpu()
  await sql`copy records.copy from '/tmp/rec.copy'`.execute(ctx.db.kysely)
  console.log(`server-side bare COPY rows/s ${(N / ((performance.now() - t1) / 1000)).toFixed(0)}`)
  console.log('bare copy pg cpu us/row', ((pgcpu() - c1) / N * 1e6).toFixed(1))
  await sql`drop table records.copy`.execute(ctx.db.kysely)
}
// same again
const t2 = performance.now()
await inTx(ctx, async (tx) => {
  const asks = Array.from({ length: CH }, (_, i) => { const s = i * 7919 % SUBJ; return { kind: 'enterprise' as const, name: `广州测试${s}贸易有限公司`, uscc: usccOf(s), division: null } })
  const answers = await resolveSubjects(tx, ctx, asks)
  const out = await storeRecords(tx, ctx, answers.map((x, i) => penalty(x.ok ? x.subjectId : '', i)))
  console.log('changed', out.filter((o) => o.verdict === 'accepted').length)
})
console.log(`changed 5000 in ${(performance.now() - t2).toFixed(0)} ms`)
// json
const M = 5000
for (const round of [0, 1]) {
  const t3 = performance.now()
  let k = 0, bytes = 0
  await Promise.all(Array.from({ length: 8 }, async () => { while (k++ < M) bytes += (await publicFileText(ctx, usccOf((k * 31) % SUBJ), undefined)).length }))
  console.log(`json/s ${(M / ((performance.now() - t3) / 1000)).toFixed(0)} avg ${(bytes / M).toFixed(0)} chars`, round)
}
{ const t3 = performance.now(); let k = 0
  const { queryPrepared } = await import('../src/platform/db/index.ts')
  await Promise.all(Array.from({ length: 8 }, async () => { while (k++ < M) JSON.stringify(await queryPrepared(ctx.db.kysely, 'x', 'select * from records.record where subject_id = (select subject_id from subjects.code where code=$1 limit 1)', [usccOf((k * 31) % SUBJ)])) }))
  console.log(`bare select * by key, parsed and stringified: /s ${(M / ((performance.now() - t3) / 1000)).toFixed(0)}`) 
  const t4 = performance.now(); k = 0
  await Promise.all(Array.from({ length: 8 }, async () => { while (k++ < M) JSON.stringify(await queryPrepared(ctx.db.kysely, 'y', 'select id, name, uscc, kind, division from subjects.subject where id = (select subject_id from subjects.code where code=$1 limit 1)', [usccOf((k * 31) % SUBJ)])) }))
  console.log(`bare subject select by key /s ${(M / ((performance.now() - t4) / 1000)).toFixed(0)}`) }
// dispose
const some = (await sql<any>`select subject_id s, id from records.record limit 3000`.execute(ctx.db.kysely)).rows
{ const t5 = performance.now(); let k = 0
  await Promise.all(Array.from({ length: 4 }, async () => { for (;;) { const r = some[k++]; if (!r) return
    await inTx(ctx, (tx) => dispose(tx, ctx, { subjectId: r.s, recordId: r.id, kind: 'repaired', channel: null, effectiveFrom: day('2026-05-04'), reason: 'x', basis: {} })) } }))
  console.log(`dispose tx/s ${(3000 / ((performance.now() - t5) / 1000)).toFixed(0)}`) }
await w.close()
