/** Applications in every state, made by the use cases themselves with the accounts of the demonstration. */
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { StoredFile } from '../kernel/api.ts'
import { type Instant, type LocalDate, addDays, startOf } from '../kernel/time.ts'
import { api as repair } from '../capabilities/repair/index.ts'
import type { ApplicationView, ItemView } from '../capabilities/repair/contract.ts'
import type { Ctx, Runtime } from '../platform/context.ts'
import { inTx } from '../platform/outbox.ts'

export type As = (login: string, on: LocalDate, hour?: number) => Ctx
const { handlers } = repair

/** A world whose clock stands at an hour of a day in Asia/Shanghai; nothing happens later than now. */
export const atHour = (runtime: Runtime, on: LocalDate, hour: number): Runtime => {
  const at = Math.min(Date.parse(startOf(on)) + hour * 3_600_000, Date.parse(runtime.clock.now()))
  return { ...runtime, clock: { now: () => new Date(at).toISOString() as Instant } }
}

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 62>>stream
BT /F1 18 Tf 72 770 Td (Demonstration: proof of payment) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
`
export const proof = async (ctx: Ctx): Promise<StoredFile> => {
  const stored = await ctx.files.put(Readable.from([Buffer.from(PDF)]), 1 << 20)
  await inTx(ctx, async (tx) => {
    await sql`insert into platform.file (hash, bytes, media_type, created_at)
      values (${stored.hash}, ${stored.bytes}, 'application/pdf', ${ctx.clock.now()}) on conflict (hash) do nothing`.execute(
      tx,
    )
  })
  return { ...stored, name: '缴款凭证.pdf', mediaType: 'application/pdf' }
}

/** Fills a basket as an applicant would: what holds is declared, what is needed is uploaded, the commitment is signed. */
export const fillAndSubmit = async (ctx: Ctx, application: ApplicationView): Promise<ApplicationView> => {
  const at = { subject: application.subjectId, id: application.id }
  let now = application
  for (const item of application.items) {
    const asked = [...(item.eligibility?.open ?? []), ...(item.eligibility?.reasons ?? [])]
    const declared = Object.fromEntries(
      asked.flatMap((r) =>
        r.known && r.known !== 'commitmentSigned' && r.known !== 'securityRisk' ? [[r.known, r.wanted ?? true]] : [],
      ),
    )
    now = await handlers.describeItem(ctx, {
      ...at,
      item: item.id,
      declared,
      statement: '已完成整改，相关凭证见附件。',
      seen: item.version,
    })
  }
  for (const need of now.materialsNeeded) {
    if (need.required !== 'on_request' && (need.required !== 'bankruptcy' || application.kind === 'shield')) {
      await handlers.uploadMaterial(ctx, { ...at, kind: need.code, file: await proof(ctx) })
    }
  }
  now = await handlers.getApplication(ctx, at)
  if (now.commitment.text.zh) now = await handlers.signCommitment(ctx, { ...at, agreed: true, seen: now.version })
  return handlers.submitApplication(ctx, { ...at, seen: now.version })
}

export type CaseSubject = { subjectId: string; recordId: string; authority: 'market' | 'safety' }

/** Submits for one record at the window, some days ago; the officers' steps follow. */
export const begin = async (
  as: As,
  c: CaseSubject,
  on: LocalDate,
  kind: 'repair' | 'shield' = 'repair',
): Promise<ItemView> => {
  const clerk = as('window', on)
  const application = await handlers.createApplication(clerk, {
    subject: c.subjectId,
    kind,
    records: [c.recordId],
    contactName: '窗口代办',
    contactPhone: '',
  })
  const submitted = await fillAndSubmit(clerk, application)
  return submitted.items[0]!
}

type Step = (as: As, c: CaseSubject, item: ItemView, today: LocalDate) => Promise<unknown>
const officer = (as: As, c: CaseSubject, on: LocalDate) => as(`${c.authority}-officer`, on, 15)
const head = (as: As, c: CaseSubject, on: LocalDate) => as(`${c.authority}-head`, on, 16)
const at = (item: ItemView) => ({ subject: item.subjectId, item: item.id, seen: item.version })
/** Where the order asks for the head, the officer's step is a proposal that the head confirms. */
const confirmed = async (as: As, c: CaseSubject, on: LocalDate, item: ItemView): Promise<ItemView> =>
  item.proposal ? handlers.confirmProposal(head(as, c, on), { ...at(item), note: '同意。' }) : item
export const accept = async (as: As, c: CaseSubject, item: ItemView, on: LocalDate) =>
  confirmed(as, c, on, await handlers.acceptItem(officer(as, c, on), { ...at(item), note: '' }))
export const grant = async (as: As, c: CaseSubject, item: ItemView, on: LocalDate) =>
  confirmed(as, c, on, await handlers.grantItem(officer(as, c, on), { ...at(item), note: '' }))

/** The list of cases: how each goes on after it was submitted `since` days ago. */
export const CASES: { since: number; kind?: 'shield'; go: Step | null; state: ItemView['state'] }[] = [
  { since: 1, go: null, state: 'received' },
  { since: 0, go: null, state: 'received' },
  {
    since: 5,
    state: 'mending',
    go: async (as, c, item, t) => {
      const ctx = officer(as, c, addDays(t, -3))
      const view = await handlers.getCase(ctx, { subject: item.subjectId, item: item.id })
      const need = view.materialsNeeded.find((m) => m.required === 'always') ?? view.materialsNeeded[0]!
      return handlers.askOnce(ctx, {
        ...at(item),
        missing: [{ kind: need.code, text: '缴款凭证不清晰，请重新上传。' }],
        note: '',
      })
    },
  },
  { since: 4, state: 'accepted', go: (as, c, item, t) => accept(as, c, item, addDays(t, -3)) },
  { since: 12, state: 'accepted', go: (as, c, item, t) => accept(as, c, item, addDays(t, -11)) },
  {
    since: 10,
    state: 'granted',
    go: async (as, c, item, t) => grant(as, c, await accept(as, c, item, addDays(t, -9)), addDays(t, -8)),
  },
  {
    since: 9,
    state: 'granted',
    go: async (as, c, item, t) => grant(as, c, await accept(as, c, item, addDays(t, -8)), addDays(t, -7)),
  },
  {
    since: 3,
    state: 'granted',
    go: async (as, c, item, t) => grant(as, c, await accept(as, c, item, addDays(t, -2)), addDays(t, -1)),
  },
  {
    since: 15,
    state: 'refused',
    go: async (as, c, item, t) => {
      const on = addDays(t, -11)
      const taken = await accept(as, c, item, addDays(t, -14))
      const view = await handlers.getCase(officer(as, c, on), { subject: item.subjectId, item: item.id })
      const failing = view.conditions.find((x) => x.code === 'DUTIES_NOT_PERFORMED')!
      return confirmed(
        as,
        c,
        on,
        await handlers.refuseItem(officer(as, c, on), {
          ...at(taken),
          reason: '经核实，罚款尚未全部缴清。',
          conditions: [failing.code],
        }),
      )
    },
  },
  {
    since: 14,
    state: 'not_accepted',
    go: async (as, c, item, t) => {
      const on = addDays(t, -13)
      return confirmed(
        as,
        c,
        on,
        await handlers.notAcceptItem(officer(as, c, on), {
          ...at(item),
          reason: '申请材料与本记录无关。',
          conditions: [],
        }),
      )
    },
  },
  {
    since: 8,
    state: 'withdrawn',
    go: (as, _c, item, t) => handlers.withdrawItem(as('window', addDays(t, -7)), { ...at(item), note: '申请人撤回。' }),
  },
  {
    since: 16,
    state: 'ended_forged',
    go: async (as, c, item, t) => {
      const on = addDays(t, -13)
      const taken = await accept(as, c, item, addDays(t, -15))
      return confirmed(
        as,
        c,
        on,
        await handlers.findForged(officer(as, c, on), { ...at(taken), reason: '缴款凭证经核对系伪造。' }),
      )
    },
  },
  {
    since: 20,
    state: 'revoked',
    go: async (as, c, item, t) => {
      const on = addDays(t, -10)
      const granted = await grant(as, c, await accept(as, c, item, addDays(t, -19)), addDays(t, -18))
      return confirmed(
        as,
        c,
        on,
        await handlers.revokeGrant(officer(as, c, on), { ...at(granted), reason: '事后查明申请材料虚假。' }),
      )
    },
  },
  {
    since: 7,
    kind: 'shield',
    state: 'shielded',
    go: async (as, c, item, t) =>
      confirmed(
        as,
        c,
        addDays(t, -5),
        await handlers.shieldItem(officer(as, c, addDays(t, -5)), { ...at(item), note: '' }),
      ),
  },
  {
    since: 25,
    kind: 'shield',
    state: 'restored',
    go: async (as, c, item, t) => {
      const shielded = await confirmed(
        as,
        c,
        addDays(t, -22),
        await handlers.shieldItem(officer(as, c, addDays(t, -22)), { ...at(item), note: '' }),
      )
      const on = addDays(t, -4)
      return confirmed(
        as,
        c,
        on,
        await handlers.restoreItem(officer(as, c, on), { ...at(shielded), reason: '重整计划未能执行，恢复公示。' }),
      )
    },
  },
  {
    // What the officer found waits for the head, who is another person.
    since: 6,
    state: 'accepted',
    go: async (as, c, item, t) => {
      const taken = await accept(as, c, item, addDays(t, -5))
      return handlers.findForged(officer(as, c, addDays(t, -1)), {
        ...at(taken),
        reason: '缴款凭证上的流水号经向银行核实不存在。',
      })
    },
  },
]

export const playCase = async (as: As, c: CaseSubject, n: number, today: LocalDate): Promise<void> => {
  const plan = CASES[n]!
  const item = await begin(as, c, addDays(today, -plan.since), plan.kind)
  await plan.go?.(as, c, item, today)
}
