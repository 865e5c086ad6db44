import { Link, useParams } from '@tanstack/react-router'
import { Alert, Card, Descriptions } from 'antd'
import { useState } from 'react'
import { type ChangeView, endpoints } from '../../../../src/capabilities/policies/contract.ts'
import { KIND_WORDS } from '../../../../src/capabilities/policies/words.ts'
import type { ProposalAction } from '../../../../src/kernel/proposals.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Shown } from '../../ui/states.tsx'
import { Applied, FigureRows, Impact } from './impact.tsx'
import { ActOnProposal, ProposalButtons, ProposalTag, useProposalFacts } from '../../ui/proposals.tsx'
import { Difference } from './parts.tsx'

const W = {
  page: { zh: '规则变更', en: 'Change of the rules' },
  back: { zh: '返回规则变更', en: 'Back to changes' },
  kind: { zh: '类型', en: 'Kind' },
  transition: { zh: '新旧衔接', en: 'Passing over' },
  transitionOpen: { zh: '衔接规则待确认：{note}', en: 'How records pass over awaits confirmation: {note}' },
  differences: { zh: '与现行规则的差别', en: 'Differences' },
  impact: { zh: '施行后的影响', en: 'What it does to what is held' },
  text: { zh: '规则文件', en: 'Text' },
  outdated: {
    zh: '拟定以后规则又有变化，请重新预览后再办理。',
    en: 'The rules have changed since this was drawn up; preview it again first.',
  },
  approveHint: {
    zh: '批准后自{day}起施行；当日起按新规则重新计算公示期，并通知各共享单位；施行前可以撤回。',
    en: 'Once approved it is in force from {day}; windows are then computed anew and everyone who holds records is told. It can be withdrawn before.',
  },
} as const satisfies Record<string, Words>

const Head = ({ change: p, choose }: { change: ChangeView; choose: (action: ProposalAction) => void }) => {
  const { t } = useLanguage()
  const facts = useProposalFacts()(p)
  const waits = p.preview.state !== 'done' || p.outdated
  return (
    <Card style={{ marginBottom: 16 }}>
      <Descriptions
        column={{ xs: 1, md: 2 }}
        items={[
          { key: 'kind', label: t(W.kind), children: t(KIND_WORDS[p.kind]) },
          ...facts.about,
          ...(p.transition ? [{ key: 'transition', label: t(W.transition), children: t(p.transition.words) }] : []),
          ...facts.people,
        ]}
      />
      {p.transition?.unsure && p.transition.note && (
        <p className="xh-quiet">{t(W.transitionOpen, { note: t(p.transition.note) })}</p>
      )}
      {p.outdated && <Alert type="warning" showIcon title={t(W.outdated)} style={{ marginTop: 12 }} />}
      <ProposalButtons proposal={p} waits={waits} choose={choose} />
    </Card>
  )
}

const POLL_MS = 1500
const busy = (p: ChangeView | undefined): boolean =>
  p !== undefined &&
  (['waiting', 'running'].includes(p.preview.state) || (p.inForce && p.application?.state === 'running'))

export const RuleChangePage = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { id } = useParams({ strict: false }) as { id: string }
  const [acting, setActing] = useState<ProposalAction | null>(null)
  const act = useAct(endpoints.actOnChange, () => setActing(null))
  const query = useApi(endpoints.getChange, { id }, { every: (p) => (busy(p) ? POLL_MS : false) })
  return (
    <>
      <p>
        <Link to="/policies/changes">{t(W.back)}</Link>
      </p>
      <Shown query={query} heading={W.page}>
        {(p) => (
          <>
            <h1>
              {t(p.title)} <ProposalTag state={p.state} inForce={p.inForce} />
            </h1>
            <Head change={p} choose={setActing} />
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.impact)}</h2>
              <Impact change={p} />
            </Card>
            {p.application && <Applied change={p} />}
            {has('credit_office') && <FigureRows change={p} />}
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.differences)}</h2>
              <Difference rows={p.difference} />
            </Card>
            {p.text && (
              <Card style={{ marginBottom: 16 }}>
                <h2>{t(W.text)}</h2>
                {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
                <pre className="xh-scroll" tabIndex={0} aria-label={t(W.text)} lang="zh-CN">
                  <code>{p.text}</code>
                </pre>
              </Card>
            )}
            {acting && (
              <ActOnProposal
                proposal={p}
                title={p.title}
                action={acting}
                hint={W.approveHint}
                act={act}
                done={() => setActing(null)}
              />
            )}
          </>
        )}
      </Shown>
    </>
  )
}
