import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Descriptions, Flex, Input, Modal, Tag } from 'antd'
import { useState } from 'react'
import { type CaseView, endpoints } from '../../../../src/capabilities/corrections/contract.ts'
import { ACT_WORDS, CASE_KIND_WORDS, CASE_STATE_WORDS } from '../../../../src/capabilities/corrections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { caseWords } from './files.tsx'
import { CodesNav } from './nav.tsx'
import { Preview, clashKey } from './preview.tsx'
import { History } from './task.tsx'

const W = {
  title: { zh: '档案合并与拆分事项', en: 'A case of merge or split' },
  back: { zh: '返回事项清单', en: 'Back to the cases' },
  kind: { zh: '类型', en: 'Kind' },
  no: { zh: '编号', en: 'No.' },
  reason: { zh: '理由', en: 'Reason' },
  undoReason: { zh: '还原理由', en: 'Why it is to be undone' },
  by: { zh: '提出', en: 'Proposed' },
  yours: { zh: '本事项由您提出，应当由另一名工作人员复核。', en: 'You proposed this; another person decides.' },
  yoursUndo: { zh: '还原由您提出，应当由另一名工作人员复核。', en: 'You proposed undoing it; another person decides.' },
  late: {
    zh: '生效后又有 {n} 条信息以移回的代码报送，将一并移回。',
    en: '{n} records that came since under a code that goes back will go with it.',
  },
  note: { zh: '说明', en: 'Note' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>

type Action = CaseView['actions'][number]
const GRAVE: readonly Action[] = ['approve', 'approve_undo']

const Decide = ({ view }: { view: CaseView }) => {
  const { t } = useLanguage()
  const [action, setAction] = useState<Action | null>(null)
  const [note, setNote] = useState('')
  const act = useAct(endpoints.decideCase, () => {
    setAction(null)
    setNote('')
  })
  return (
    <>
      <Flex gap={8} wrap style={{ marginTop: 16 }}>
        {view.actions.map((a) => (
          <Button key={a} type={GRAVE.includes(a) ? 'primary' : 'default'} onClick={() => setAction(a)}>
            {t(ACT_WORDS[a])}
          </Button>
        ))}
      </Flex>
      {action && (
        <Modal
          open
          title={t(ACT_WORDS[action])}
          okText={t(ACT_WORDS[action])}
          cancelText={t(W.cancel)}
          closable={{ 'aria-label': t(W.close) }}
          okButtonProps={{ loading: act.isPending }}
          onCancel={() => setAction(null)}
          onOk={() =>
            act.mutate({
              id: view.id,
              seen: view.version,
              action,
              note: note.trim(),
              ...(action === 'approve' ? { digest: view.preview.digest } : {}),
            })
          }
        >
          <p>{t(...caseWords(view))}</p>
          <label htmlFor="case-note">{t(W.note)}</label>
          <Input.TextArea
            id="case-note"
            rows={3}
            maxLength={500}
            value={note}
            onChange={(e) => setNote(e.target.value)}
          />
          {act.error && (
            <div style={{ marginTop: 12 }}>
              <Failed problem={act.error} />
            </div>
          )}
        </Modal>
      )}
    </>
  )
}

export const FileCasePage = () => {
  const { t, lang } = useLanguage()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useApi(endpoints.getCase, { id })
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CodesNav />
      <p>
        <Link to="/codes/files" search={{}}>
          {t(W.back)}
        </Link>
      </p>
      <Shown query={query}>
        {(view) => (
          <>
            <Card>
              <h2>
                {t(...caseWords(view))} <Tag>{t(CASE_STATE_WORDS[view.state])}</Tag>
              </h2>
              <Descriptions
                size="small"
                column={1}
                items={[
                  { key: 'kind', label: t(W.kind), children: t(CASE_KIND_WORDS[view.kind]) },
                  { key: 'reason', label: t(W.reason), children: view.reason },
                  ...(view.undoReason ? [{ key: 'undo', label: t(W.undoReason), children: view.undoReason }] : []),
                  {
                    key: 'by',
                    label: t(W.by),
                    children: `${view.proposedBy} · ${instantWords(view.proposedAt, lang)}`,
                  },
                  { key: 'no', label: t(W.no), children: view.no },
                ]}
              />
              {view.state === 'proposed' && view.actions.includes('withdraw') && (
                <Alert type="info" showIcon title={t(W.yours)} style={{ marginTop: 12 }} />
              )}
              {view.state === 'undo_proposed' && view.actions.length > 0 && !view.actions.includes('approve_undo') && (
                <Alert type="info" showIcon title={t(W.yoursUndo)} style={{ marginTop: 12 }} />
              )}
              {view.late > 0 && (
                <Alert type="info" showIcon title={t(W.late, { n: view.late })} style={{ marginTop: 12 }} />
              )}
            </Card>
            <Preview
              preview={view.preview}
              done={view.state !== 'proposed'}
              stands={Object.fromEntries(view.chosen.clashes.map((c) => [clashKey(c), c.stands]))}
            />
            <Decide view={view} />
            <History acts={view.acts} />
          </>
        )}
      </Shown>
    </>
  )
}
