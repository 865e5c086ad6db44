import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import { ROLES, type Role } from '../../kernel/roles.ts'

/** Where officials are reached. Enterprises' people are reached through their applications. */
const officials = ROLES.filter((role): role is Exclude<Role, 'enterprise'> => role !== 'enterprise')

/** Nothing that could end a line of a mail's head, and no quoted oddities. */
const email = z
  .string()
  .trim()
  .max(254)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/,
  )
  .meta({ zh: '电子邮箱', en: 'E-mail' })
const workPhone = z
  .string()
  .trim()
  .regex(/^1[3-9]\d{9}$/)
  .meta({ zh: '工作手机号码', en: 'Work mobile' })

/** null takes it away; absent leaves it as it is: what is shown is masked and cannot be sent back. */
export const contactChange = {
  email: email.nullable().optional(),
  workPhone: workPhone.nullable().optional(),
  /** 0 where nothing is held yet. */
  seen: z.number().int().min(0).meta({ zh: '所见版本', en: 'Version seen' }),
}
export const contactView = z
  .object({
    personId: z.string(),
    /** Masked. */
    email: z.string().nullable(),
    workPhone: z.string().nullable(),
    version: z.number().int().min(0),
  })
  .meta({ id: 'Contact' })
export type ContactView = z.infer<typeof contactView>

const byId = z.object({ id: z.uuid() })
export const contactEndpoints = defineEndpoints({
  myContact: {
    method: 'GET',
    path: '/session/contact',
    summary: { zh: '本人联系方式', en: 'Where I am reached' },
    allowed: { roles: officials },
    reply: contactView,
  },
  changeMyContact: {
    method: 'PUT',
    path: '/session/contact',
    summary: { zh: '修改本人联系方式', en: 'Change where I am reached' },
    allowed: { roles: officials },
    body: z.object(contactChange),
    reply: contactView,
  },
  getContact: {
    method: 'GET',
    path: '/people/:id/contact',
    summary: { zh: '查看联系方式', en: 'Where a person is reached' },
    allowed: { roles: ['territory_admin', 'security_admin', 'auditor'] },
    params: byId,
    reply: contactView,
  },
  changeContact: {
    method: 'PUT',
    path: '/people/:id/contact',
    summary: { zh: '修改联系方式', en: 'Change where a person is reached' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    params: byId,
    body: z.object(contactChange),
    reply: contactView,
  },
})
