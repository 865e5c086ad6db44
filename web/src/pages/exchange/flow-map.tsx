import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { EdgeView } from '../../../../src/capabilities/exchange/contract.desk.ts'
import { PEER_KIND_WORDS } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const W = {
  own: { zh: '本平台', en: 'This platform' },
  map: { zh: '流向图', en: 'Map' },
  clear: { zh: '畅通', en: 'Clear' },
  moving: { zh: '待确认 {n}', en: '{n} open' },
  late: { zh: '逾期 {n}', en: '{n} late' },
  dead: { zh: '失败 {n}', en: '{n} failed' },
  down: { zh: '不通', en: 'No answer' },
  received: { zh: '接收 {n}', en: '{n} received' },
} as const satisfies Record<string, Words>

/** How one edge is to be looked at, worst first. */
export const standingOf = (e: EdgeView): 'late' | 'down' | 'moving' | 'clear' =>
  e.lateWithdrawals > 0 || e.dead > 0
    ? 'late'
    : e.down
      ? 'down'
      : e.queued.count + e.unanswered.count > 0
        ? 'moving'
        : 'clear'
const LINE: Record<ReturnType<typeof standingOf>, string> = {
  late: '3px solid #a8071a',
  down: '3px dashed #a8071a',
  moving: '3px solid #ad6800',
  clear: '3px solid #237804',
}
const BOX = { border: '1px solid #d5dce5', borderRadius: 6, background: '#fff', padding: '8px 12px' } as const

/** Who is joined to this platform, and what flows on each line. The table below says the same in figures. */
export const FlowMap = ({ edges, received }: { edges: readonly EdgeView[]; received: ReadonlyMap<string, number> }) => {
  const { t } = useLanguage()
  return (
    <section aria-label={t(W.map)} style={{ display: 'flex', marginBottom: 24 }}>
      <div
        style={{
          ...BOX,
          background: '#eef4fb',
          display: 'flex',
          alignItems: 'center',
          fontWeight: 600,
          flex: '0 0 auto',
          maxWidth: 96,
          textAlign: 'center',
        }}
      >
        {t(W.own)}
      </div>
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, flex: 1, minWidth: 0 }}>
        {edges.map((e) => {
          const open = e.queued.count + e.unanswered.count
          const got = received.get(e.peerId)
          return (
            <li key={e.peerId} style={{ display: 'flex', alignItems: 'center', margin: '6px 0' }}>
              <span
                aria-hidden="true"
                style={{ flex: '1 1 24px', minWidth: 16, maxWidth: 160, borderTop: LINE[standingOf(e)] }}
              />
              <div style={{ ...BOX, flex: '4 1 0', minWidth: 0 }}>
                <Link to="/peers/$id" params={{ id: e.peerId }} search={{ view: 'deliveries' } as never}>
                  {e.name}
                </Link>
                <div className="xh-quiet">{t(PEER_KIND_WORDS[e.kind])}</div>
                <div>
                  {e.lateWithdrawals > 0 && <Tag color="red">{t(W.late, { n: e.lateWithdrawals })}</Tag>}
                  {e.dead > 0 && <Tag color="red">{t(W.dead, { n: e.dead })}</Tag>}
                  {e.down && <Tag color="red">{t(W.down)}</Tag>}
                  {open > 0 && <Tag color="gold">{t(W.moving, { n: open })}</Tag>}
                  {standingOf(e) === 'clear' && <Tag color="green">{t(W.clear)}</Tag>}
                  {got !== undefined && <Tag>{t(W.received, { n: got })}</Tag>}
                </div>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
