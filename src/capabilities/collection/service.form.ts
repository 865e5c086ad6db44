import { covers } from '../../kernel/territory.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { listAuthorities } from '../access/index.ts'
import type { FormView } from './contract.ts'
import type { KnownAuthority } from './rules.ts'
import { mustItem, mustReport, ownAuthority } from './service.enter.ts'

const shown = ({ id, code, name, division, system }: KnownAuthority) => ({ id, code, name, division, system })

/** The form of an item for whoever reports it: the catalog's own definition, and what the pure rules look things up in. */
export const form = async (ctx: Ctx, ask: { item: string }): Promise<FormView> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(await ownAuthority(ctx), item)
  const below =
    reporter.system === 'general' || reporter.isCreditOffice
      ? []
      : (await listAuthorities(ctx.db.kysely)).filter(
          (a) =>
            a.id !== reporter.id &&
            a.system === reporter.system &&
            covers(reporter.division, a.division) &&
            a.duties.includes(item.code),
        )
  const { reporting } = item
  return {
    item: {
      code: item.code,
      name: item.name,
      system: item.system,
      negative: item.negative,
      instrument: item.instrument,
      article: item.article,
      sharing: item.sharing,
      publicity: item.publicity,
      naturalKey: item.naturalKey,
      reporting: { workdays: reporting.workdays, period: reporting.period, starts: reporting.starts },
      fields: item.fields.map((f) => ({
        key: f.key,
        code: f.code,
        label: f.label,
        aliases: f.aliases,
        type: f.type,
        maxLength: f.maxLength,
        required: f.required,
        absent: f.absent,
        choices: f.choices.map((c) => ({ code: c.code, label: c.label, aliases: c.aliases, means: c.means })),
        secret: f.secret,
        public: f.public,
        supplement: f.supplement,
        note: f.note,
      })),
      checks: item.checks.map(({ code, fields, words, mend }) => ({ code, fields, words, mend })),
    },
    today: today(ctx),
    reporter: shown(reporter),
    onBehalf: reporter.isCreditOffice,
    deciders: [shown(reporter), ...below.map(shown)],
    categories: ctx.policy.usccCategories.map(({ code, name, registrar, subjectKind }) => ({
      code,
      name,
      registrar,
      subjectKind,
    })),
    lists: ctx.policy.lists.map(({ code, recordSystem }) => ({ code, recordSystem })),
  }
}
