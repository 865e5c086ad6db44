import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'
import * as contacts from './service.contacts.ts'
import * as session from './service.session.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  getSession: session.getSession,
  signIn: session.signIn,
  signOut: session.signOut,
  changePassword: session.changePassword,
  myContact: contacts.myContact,
  changeMyContact: contacts.changeMyContact,
  getContact: contacts.getContact,
  changeContact: contacts.changeContact,
  listDivisions: service.listDivisions,
  listAuthorities: service.listAuthorities,
  getAuthority: service.getAuthority,
  createAuthority: service.createAuthority,
  updateAuthority: service.updateAuthority,
  moveAuthority: service.moveAuthority,
  listPeople: service.listPeople,
  getPerson: service.getPerson,
  createPerson: (ctx, { login, name, password, role, authorityId, division }) =>
    service.createPerson(ctx, { login, name, password, role, authorityId, division }),
  suspendPerson: service.suspendPerson,
  reinstatePerson: service.reinstatePerson,
  resetPassword: service.resetPassword,
  grantRole: service.grantRole,
  endRole: service.endRole,
  listKeys: service.listKeys,
  createKey: service.createKey,
  revokeKey: service.revokeKey,
  listMandates: service.listMandates,
  createMandate: service.giveMandate,
  endMandate: service.endMandate,
  listAudit: service.listAudit,
  verifyAudit: service.verifyAudit,
}
