import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Card } from 'antd'
import { endpoints } from '../../../../src/capabilities/access/contract.ts'
import type { ReplyOf } from '../../../../src/kernel/api.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

type Verdict = ReplyOf<typeof endpoints.verifyAudit>
const W = {
  title: { zh: '核验审计日志', en: 'Verify the audit' },
  hint: {
    zh: '逐段重新计算封存摘要，检查日志自写入以来有没有被修改、删除或者插入。',
    en: 'Recomputes every seal and finds out whether anything was changed, removed or put in since.',
  },
  run: { zh: '开始核验', en: 'Verify now' },
  good: { zh: '审计日志完整，未发现改动', en: 'The audit is whole; nothing was changed' },
  counts: {
    zh: '已核验 {seals} 段封存、{rows} 条记录；另有 {unsealed} 条新记录将在一分钟内封存。',
    en: '{seals} seals and {rows} rows were checked; {unsealed} new rows are sealed within a minute.',
  },
  head: {
    zh: '最新封存摘要（请定期抄录在平台之外，日后可据此比对）：',
    en: 'The latest seal (note it down outside of the platform, to compare later):',
  },
  bad: { zh: '第 {seal} 段封存（{at}）核验不通过：{why}', en: 'Seal {seal} ({at}) does not hold: {why}' },
  badHint: {
    zh: '此前的 {seals} 段、{rows} 条记录完好。请立即保全现场，并联系安全管理员。',
    en: 'The {seals} seals and {rows} rows before it hold. Preserve the evidence and call the security administrator.',
  },
} as const satisfies Record<string, Words>
const WHY: Record<NonNullable<Verdict['bad']>['why'], Words> = {
  changed: { zh: '有记录被修改', en: 'a row was changed' },
  missing: { zh: '有记录被删除', en: 'a row is missing' },
  added: { zh: '有记录被插入', en: 'a row was put in' },
  chain: { zh: '封存之间的衔接被改动', en: 'the chain of seals is broken' },
}

export const AuditVerdict = () => {
  const { t, lang } = useLanguage()
  const verify = useMutation<Verdict, ApiProblem>({ mutationFn: () => call(endpoints.verifyAudit, {}) })
  const v = verify.data
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.title)}</h2>
      <p>{t(W.hint)}</p>
      <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>
        {t(W.run)}
      </Button>
      <div aria-live="polite" style={{ marginTop: 12 }}>
        {verify.error && <Failed problem={verify.error} />}
        {v?.ok && (
          <Alert
            type="success"
            showIcon
            title={t(W.good)}
            description={
              <>
                <div>{t(W.counts, { seals: v.seals, rows: v.rows, unsealed: v.unsealed })}</div>
                <div>
                  {t(W.head)} <code style={{ userSelect: 'all', overflowWrap: 'anywhere' }}>{v.head}</code>
                </div>
              </>
            }
          />
        )}
        {v?.bad && (
          <Alert
            type="error"
            showIcon
            role="alert"
            title={t(W.bad, { seal: v.bad.seal, at: instantWords(v.bad.at, lang), why: WHY[v.bad.why] })}
            description={t(W.badHint, { seals: v.seals, rows: v.rows })}
          />
        )}
      </div>
    </Card>
  )
}
