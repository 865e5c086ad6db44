import { Button, Card, Flex, Input, Select } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/repair/contract.consequences.ts'
import type { CaseView } from '../../../../src/capabilities/repair/contract.ts'
import { LINK_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, colon } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '关联信息', en: 'Linked records' },
  lead: {
    zh: '移出名单的，据以列入的行政处罚随之停止公示；抽查检查结果随其后续处理停止公示（第107号令第十条、第十三条）。',
    en: 'A penalty goes with the list entry that rests on it, a spot-check result with what it led to (Order 107 arts. 10, 13).',
  },
  follows: { zh: '随{doc}停止公示', en: 'goes with {doc}' },
  leads: { zh: '{doc}随之停止公示', en: '{doc} goes with it' },
  choose: { zh: '选择要关联的信息', en: 'Choose a record to link' },
  why: { zh: '关联的依据', en: 'What the link rests on' },
  add: { zh: '登记关联', en: 'Link' },
  none: { zh: '没有关联的信息。', en: 'No record is linked.' },
} as const satisfies Record<string, Words>

/** Of a record of market supervision: what goes with it, and with what it goes. */
export const Links = ({ view }: { view: CaseView }) => {
  const { t, lang } = useLanguage()
  const at = { subject: view.subject.id, record: view.item.recordId }
  const query = useApi(endpoints.listLinks, at)
  const [chosen, setChosen] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const act = useAct(endpoints.linkRecords, () => {
    setChosen(null)
    setReason('')
  })
  // Another authority's record: nothing to link here.
  if (!query.data) return null
  const { rows, candidates } = query.data
  if (!rows.length && !candidates.length) return null
  const picked = candidates.find((c) => c.recordId === chosen)
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.title)}</h2>
      <p className="xh-quiet">{t(W.lead)}</p>
      {rows.length === 0 && <p>{t(W.none)}</p>}
      <ul style={{ paddingInlineStart: 18, margin: 0 }}>
        {rows.map((l) => (
          <li key={l.id}>
            {t(LINK_WORDS[l.kind])}
            {colon(lang)}
            {l.follows.recordId === at.record
              ? t(W.follows, { doc: `${t(l.leads.itemName)} ${l.leads.docNo}` })
              : t(W.leads, { doc: `${t(l.follows.itemName)} ${l.follows.docNo}` })}
            {bracketed(l.reason, lang)}
          </li>
        ))}
      </ul>
      {candidates.length > 0 && (
        <Flex vertical gap={8} style={{ marginTop: 12 }}>
          <Select
            aria-label={t(W.choose)}
            placeholder={t(W.choose)}
            value={chosen}
            onChange={setChosen}
            options={candidates.map((c) => ({ value: c.recordId, label: `${t(c.itemName)} · ${c.docNo}` }))}
          />
          {picked && (
            <>
              <Input
                aria-label={t(W.why)}
                placeholder={t(W.why)}
                value={reason}
                maxLength={500}
                onChange={(e) => setReason(e.target.value)}
              />
              {act.error && <Failed problem={act.error} />}
              <div>
                <Button
                  loading={act.isPending}
                  disabled={reason.trim().length < 2}
                  onClick={() =>
                    act.mutate({
                      subject: at.subject,
                      kind: picked.kind,
                      follows: picked.leads ? at.record : picked.recordId,
                      leads: picked.leads ? picked.recordId : at.record,
                      reason,
                    })
                  }
                >
                  {t(W.add)}
                </Button>
              </div>
            </>
          )}
        </Flex>
      )}
    </Card>
  )
}
