import { createHash } from 'node:crypto'
import { itemOn } from '../../kernel/catalog.ts'
import { hasInnerOrgCode, usccCheckDigit } from '../../kernel/codes.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import type { CatalogField } from '../../kernel/policy.ts'
import { type LocalDate, addDays } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { inTx } from '../../platform/db/index.ts'
import type { FeedEvent } from '../exchange/contract.ts'
import type { Peer, Sandbox } from '../exchange/index.ts'
import * as store from './store.ts'

/**
 * What a peer works with while it is being connected: records that never were, of enterprises that do not exist, with codes
 * whose check digits hold. They are made from a fixed seed (the peer's own id), the same whenever they are asked for, and
 * stand in no table.
 */

export const RECORDS = 12
/** Of the first records: these come again in a new version, those are withdrawn. */
const UPDATED = 3
export const WITHDRAWN = 4
export const EVENTS = RECORDS + UPDATED + WITHDRAWN
const FIRST_DAY = '2026-01-05' as LocalDate

const digestOf = (...parts: (string | number)[]): Buffer => createHash('sha256').update(parts.join('/')).digest()
/** Of version 8 (RFC 9562): made by a rule of one's own. */
const idOf = (...parts: (string | number)[]): string => {
  const b = digestOf(...parts).subarray(0, 16)
  b[6] = (b[6]! & 0x0f) | 0x80
  b[8] = (b[8]! & 0x3f) | 0x80
  const hex = b.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** A unified code whose own check digit holds, and that of the organisation code inside. */
const codeOf = (division: string, n: number): string => {
  const organisation = String(90_000_000 + n)
  const inner = '0123456789X'.split('').find((c) => hasInnerOrgCode(`91${division}${organisation}${c}`)) ?? '0'
  const first17 = `91${division}${organisation}${inner}`
  return `${first17}${usccCheckDigit(first17)}`
}

const valueOf = (field: CatalogField, n: number, version: number): unknown => {
  if (field.choices.length) return field.choices[n % field.choices.length]!.code
  if (field.type === 'date') return addDays(FIRST_DAY, n)
  if (field.type === 'number') return String(n + version)
  return `${field.label.zh}（沙箱第${n}号，第${version}版）`.slice(0, field.maxLength ?? 200)
}

const recordOf = (ctx: Ctx, peer: Peer, n: number) => {
  const item = peer.items[n % peer.items.length]!
  const decidedOn = addDays(FIRST_DAY, n)
  const catalog = itemOn(ctx.policy.catalog, item, today(ctx)) ?? itemOn(ctx.policy.catalog, item, decidedOn)
  const fields = (catalog?.fields ?? []).filter((f) => f.public && !f.secret && f.required === 'always')
  return {
    about: {
      recordId: idOf('record', peer.id, n),
      item,
      subjectCode: codeOf(peer.division, n),
      subjectName: `沙箱测试企业${String(n).padStart(2, '0')}有限公司`,
      authority: '沙箱测试单位',
      documentNumber: `沙箱〔2026〕${n}号`,
      decidedOn,
    },
    said: (version: number) => ({
      version,
      shownFrom: addDays(decidedOn, 3),
      shownUntil: addDays(decidedOn, 1095),
      disputed: false,
      fields: Object.fromEntries(fields.map((f) => [f.key, valueOf(f, n, version)])),
    }),
  }
}

/** Every event of a peer's sandbox in order: what is published, what comes in a new version, what is withdrawn. */
export const sandboxEvents = (ctx: Ctx, peer: Peer): FeedEvent[] => {
  const source = `xinheng/${ctx.config.jurisdiction}/sandbox`
  const asks = peer.duties?.length ? { asks: peer.duties.map(({ part, basis }) => ({ part, basis })) } : {}
  const event = (kind: 'publish' | 'update' | 'withdraw', n: number): FeedEvent => {
    const { about, said } = recordOf(ctx, peer, n)
    const first = said(1)
    const day = kind === 'publish' ? about.decidedOn : addDays(about.decidedOn, kind === 'update' ? 30 : 60)
    return {
      specversion: '1.0',
      id: idOf(kind, peer.id, n),
      source,
      type: `record.${kind}`,
      subject: about.recordId,
      time: `${day}T01:00:00.000Z`,
      datacontenttype: 'application/json',
      data: {
        record: about,
        before: kind === 'publish' ? null : first,
        after:
          kind === 'withdraw'
            ? null
            : {
                ...said(kind === 'publish' ? 1 : 2),
                rule: 'sandbox',
                article: '—',
                badge: 'authority_record',
              },
        withdrawal: kind === 'withdraw' ? { reason: 'repaired', takeDownBy: addDays(day, 7), ...asks } : null,
      },
    }
  }
  const some = (kind: 'publish' | 'update' | 'withdraw', from: number, count: number) =>
    Array.from({ length: count }, (_, i) => event(kind, from + i))
  return [...some('publish', 1, RECORDS), ...some('update', WITHDRAWN + 1, UPDATED), ...some('withdraw', 1, WITHDRAWN)]
}

const START = '00000000-0000-0000-0000-000000000000'

export const sandbox: Sandbox = {
  page: async (ctx, peer, ask) => {
    const [place] = readCursor(ask.after, 'number', 'uuid') ?? [0, START]
    const all = sandboxEvents(ctx, peer)
    const events = all.slice(place, place + ask.limit)
    const end = Math.min(place + events.length, all.length)
    return { events, next: encodeCursor([end, events.at(-1)?.id ?? START]), more: end < all.length }
  },
  acknowledge: async (ctx, peer, acks) => {
    const known = new Set(sandboxEvents(ctx, peer).map((e) => e.id))
    const [own, unknown] = [acks.filter((a) => known.has(a.eventId)), acks.filter((a) => !known.has(a.eventId))]
    if (own.length) await inTx(ctx.db, (tx) => store.saveAcknowledgements(tx, peer.id, own, ctx.clock.now()))
    return { recorded: new Set(own.map((a) => a.eventId)).size, unknown: unknown.map((a) => a.eventId) }
  },
}
