import { Button, Descriptions } from 'antd'
import { useState } from 'react'
import type { PeerView } from '../../../../src/capabilities/exchange/contract.ts'
import {
  ALGORITHM_WORDS,
  DIRECTION_WORDS,
  FORMAT_WORDS,
  wayWords,
} from '../../../../src/capabilities/exchange/words.ts'
import { CHANNEL_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { useDivisions, useItems } from '../access/choices.tsx'
import { PeerForm } from './peer-form.tsx'
import { listWords } from '../../ui/format.ts'

const W = {
  edit: { zh: '修改资料', en: 'Change the profile' },
  scope: { zh: '共享范围', en: 'Scope' },
  terms: { zh: '期限', en: 'Terms' },
  termsText: {
    zh: '{ack} 个工作日内确认，{takedown} 个工作日内撤下',
    en: 'acknowledge within {ack} working days, take down within {takedown}',
  },
  basis: { zh: '共享依据', en: 'Legal basis' },
  contact: { zh: '联系人', en: 'Contact' },
  code: { zh: '代码', en: 'Code' },
  way: { zh: '交换方式', en: 'Way' },
  url: { zh: '接收地址', en: 'Receiver' },
  taken: { zh: '接收范围', en: 'Taken from it' },
  inside: { zh: '主体或者认定单位在本辖区内的信息', en: 'what has its subject or its authority in our territory' },
  outside: { zh: '包括本辖区以外的信息', en: 'what lies outside our territory too' },
  algorithm: { zh: '签名算法', en: 'Signatures' },
  rate: { zh: '每分钟请求上限', en: 'Requests a minute' },
  addresses: { zh: 'IP 地址', en: 'Networks' },
  anywhere: { zh: '不限制', en: 'from anywhere' },
  balance: { zh: '送达情况', en: 'Balance' },
  balanced: {
    zh: '发出 {sent} = 已确认 {acknowledged} + 待确认 {open} + 发送失败 {dead}；逾期 {late}',
    en: 'sent {sent} = acknowledged {acknowledged} + open {open} + dead {dead}; {late} late',
  },
} as const satisfies Record<string, Words>

export const PeerProfile = ({ peer }: { peer: PeerView }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { namesOf } = useItems()
  const { nameOf } = useDivisions()
  const [editing, setEditing] = useState(false)
  const channel = (CHANNEL_WORDS as Record<string, Words>)[peer.channel] ?? CHANNEL_WORDS.credit_china
  const { url, outsideTerritory } = peer.settings
  const rows: [Words, string][] = [
    [W.scope, `${nameOf(peer.division)} · ${t(channel)} · ${namesOf(peer.items)}`],
    [W.terms, t(W.termsText, { ack: peer.ackWorkdays, takedown: peer.takedownWorkdays })],
    [W.basis, t(peer.legalBasis)],
    [W.contact, peer.contact || '—'],
    [W.way, [wayWords(peer), DIRECTION_WORDS[peer.direction], FORMAT_WORDS[peer.format]].map((w) => t(w)).join(' · ')],
    ...(typeof url === 'string' && url ? [[W.url, url] as [Words, string]] : []),
    ...(peer.direction === 'out'
      ? []
      : [[W.taken, t(outsideTerritory === true ? W.outside : W.inside)] as [Words, string]]),
    [W.code, peer.code || '—'],
    [W.algorithm, t(ALGORITHM_WORDS[peer.algorithm])],
    [W.rate, String(peer.ratePerMinute)],
    [W.addresses, listWords(peer.addresses, lang) || t(W.anywhere)],
    [W.balance, t(W.balanced, peer)],
  ]
  return (
    <>
      <Descriptions
        column={1}
        bordered
        size="small"
        styles={{ content: { overflowWrap: 'anywhere' } }}
        items={rows.map(([label, children]) => ({ key: label.en, label: t(label), children }))}
      />
      {has('credit_office') && (
        <Button style={{ marginTop: 16 }} onClick={() => setEditing(true)}>
          {t(W.edit)}
        </Button>
      )}
      {editing && <PeerForm peer={peer} done={() => setEditing(false)} />}
    </>
  )
}
