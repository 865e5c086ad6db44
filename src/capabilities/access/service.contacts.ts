import { mustNot } from '../../kernel/decision.ts'
import { maskPhone } from '../../kernel/mask.ts'
import type { Role } from '../../kernel/roles.ts'
import { type Ctx, type Runtime, actorRef } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { ContactView } from './contract.contacts.ts'
import { getManaged, getPerson } from './service.ts'
import * as store from './store.contacts.ts'

/** z***@example.gov.cn: enough for its owner to know it by. */
const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}***${email.slice(at)}`
}
const opened = ({ secrets }: Pick<Runtime, 'secrets'>, sealed: Buffer | null): string | null =>
  sealed ? secrets.open(sealed) : null

const viewOf = (ctx: Ctx, personId: string, held: store.SealedContact | null): ContactView => {
  const [email, phone] = [opened(ctx, held?.email ?? null), opened(ctx, held?.workPhone ?? null)]
  return {
    personId,
    email: email && maskEmail(email),
    workPhone: phone && maskPhone(phone),
    version: held?.version ?? 0,
  }
}

type ContactChange = { email?: string | null | undefined; workPhone?: string | null | undefined; seen: number }
const change = async (ctx: Ctx, tx: Tx, personId: string, ask: ContactChange): Promise<ContactView> => {
  const held = await store.findContact(tx, personId)
  const sealed = (now: string | null | undefined, before: Buffer | null | undefined): Buffer | null =>
    now === undefined ? (before ?? null) : now === null ? null : ctx.secrets.seal(now)
  const row = {
    personId,
    email: sealed(ask.email, held?.email),
    workPhone: sealed(ask.workPhone, held?.workPhone),
  }
  if ((held?.version ?? 0) !== ask.seen) mustNot('STALE')
  if (!(await store.saveContact(tx, row, ask.seen, actorRef(ctx.actor), ctx.clock.now()))) mustNot('STALE')
  recordAct(tx, ctx, {
    act: 'access.change_contact',
    target: { kind: 'person', id: personId },
    details: { email: ask.email !== undefined, workPhone: ask.workPhone !== undefined },
  })
  return viewOf(ctx, personId, { ...row, version: ask.seen + 1 })
}

const self = (ctx: Ctx): string => (ctx.actor.kind === 'person' ? ctx.actor.personId : mustNot('FORBIDDEN'))
export const myContact = async (ctx: Ctx): Promise<ContactView> =>
  viewOf(ctx, self(ctx), await store.findContact(ctx.db.kysely, self(ctx)))
export const changeMyContact = (ctx: Ctx, ask: ContactChange): Promise<ContactView> =>
  inTx(ctx, (tx) => change(ctx, tx, self(ctx), ask))
export const getContact = async (ctx: Ctx, { id }: { id: string }): Promise<ContactView> => {
  await getPerson(ctx, { id })
  return viewOf(ctx, id, await store.findContact(ctx.db.kysely, id))
}
export const changeContact = (ctx: Ctx, { id, ...ask }: ContactChange & { id: string }): Promise<ContactView> =>
  inTx(ctx, async (tx) => {
    await getManaged(ctx, tx, id)
    return change(ctx, tx, id, ask)
  })

/** For the dispatch of messages alone: in the clear, and nowhere kept. */
export const addressOf = async (
  ctx: Pick<Runtime, 'db' | 'secrets'>,
  personId: string,
): Promise<{ email: string | null; workPhone: string | null }> => {
  const held = await store.findContact(ctx.db.kysely, personId)
  return { email: opened(ctx, held?.email ?? null), workPhone: opened(ctx, held?.workPhone ?? null) }
}
export const peopleWith = (db: Reader, ask: { authorityId: string; role: Role }): Promise<string[]> =>
  store.holdersOf(db, ask.authorityId, ask.role)
export const personNames = (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => store.namesOf(db, ids)
