import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AUTHORITY_SYSTEMS, MANDATE_KINDS, PERSON_STATES, auditView } from '../../src/capabilities/access/contract.ts'
import { MEND_RULES } from '../../src/capabilities/collection/words.mends.ts'
import { CHECK_STATES, SUBMISSION_STATES, VERDICTS, WAYS_IN } from '../../src/capabilities/collection/words.ts'
import {
  ALGORITHMS,
  DIRECTIONS,
  FORMATS,
  OUTCOMES,
  PEER_KINDS,
  PEER_STATES,
  WAYS,
  DUTIES,
  EFFECT_BY,
  EFFECT_RESULTS,
} from '../../src/capabilities/exchange/words.ts'
import { STEPS as ONBOARDING_STEPS, STEP_OUTCOMES } from '../../src/capabilities/onboarding/words.ts'
import { PARCEL_KINDS, PARCEL_STATES } from '../../src/capabilities/exchange/words.ways.ts'
import { CHASED, DELIVERY_KINDS, DELIVERY_OUTCOMES, FAULTS } from '../../src/capabilities/exchange/words.push.ts'
import { DISPOSITION_KINDS, RECORD_STATES } from '../../src/capabilities/records/contract.ts'
import { FACT_VIAS, actView, sharedFact } from '../../src/capabilities/repair/contract.ts'
import { HAND_OVER_ENDS } from '../../src/capabilities/repair/contract.window.ts'
import { DUTY_KINDS, DUTY_STATES, LINK_KINDS } from '../../src/capabilities/repair/words.ts'
import {
  APPLICATION_STATES,
  ITEM_STATES,
  KINDS,
  WAYS_IN as REPAIR_WAYS_IN,
} from '../../src/capabilities/repair/states.ts'
import {
  CASE_KINDS,
  CASE_STATES,
  OUTCOMES as ANSWERS,
  TASK_KINDS,
  TASK_STATES,
} from '../../src/capabilities/corrections/words.ts'
import { DECLARATION_STATES } from '../../src/capabilities/declarations/words.ts'
import {
  CODE_KINDS,
  CONFLICT_KINDS,
  CONFLICT_STATES,
  SUBJECT_KINDS,
  SUBJECT_STATUSES,
} from '../../src/capabilities/subjects/contract.ts'
import { actView as objectionAct, evidenceView } from '../../src/capabilities/objections/contract.ts'
import {
  FINDING_KINDS as OBJECTION_FINDINGS,
  FINDING_STATES as OBJECTION_FINDING_STATES,
  OBJECTION_STATES,
  OUTCOMES as OBJECTION_OUTCOMES,
  REPORT_STATES as OBJECTION_REPORTS,
  REVIEW_KINDS,
  REVIEW_OUTCOMES,
  REVIEW_STATES,
  WAYS_IN as OBJECTION_WAYS_IN,
} from '../../src/capabilities/objections/states.ts'
import { GROUNDS } from '../../src/capabilities/objections/words.ts'
import { ORIGINS, PREVIEW_STATES } from '../../src/capabilities/catalog/states.ts'
import { PROPOSAL_STATES } from '../../src/kernel/proposals.ts'
import { CHANGE_KINDS as RULE_CHANGES, PASS_PURPOSES, PASS_STATES } from '../../src/capabilities/policies/states.ts'
import { CIRCULAR_STATES } from '../../src/capabilities/quality/states.ts'
import { ACTIONS as RECONCILIATION_ACTS, DIFFERENCE_STATES } from '../../src/capabilities/reconciliation/states.ts'
import {
  CAUSES as DIFFERENCE_CAUSES,
  CLOSED_WAYS,
  KINDS as DIFFERENCE_KINDS,
  RESULT_OUTCOMES,
  STATEMENT_STATES,
} from '../../src/capabilities/reconciliation/words.ts'
import { PROOF_VERDICTS, RUN_STATES } from '../../src/capabilities/balance/words.ts'
import { DELIVERY_STATES } from '../../src/capabilities/messages/states.ts'
import { CERTIFICATE_STATES, ENDED_BY, LETTERS_OF, RECEIPT_WAYS } from '../../src/capabilities/certificates/states.ts'
import { RECEIPT_OUTCOMES, RECEIPT_SCOPES, RECEIPT_STATES } from '../../src/capabilities/certificates/words.receipts.ts'
import {
  STEP_KINDS,
  TRANSFER_DIRECTIONS,
  TRANSFER_OUTCOMES,
  TRANSFER_STATES,
} from '../../src/capabilities/transfers/words.ts'
import {
  AGREEMENT_STATES,
  MEASURE_KINDS,
  MEASURE_STATES,
  TALK_STATES,
} from '../../src/capabilities/agreements/states.ts'
import { TAKEDOWN_STATES } from '../../src/capabilities/results/states.ts'
import { LINE_KINDS, LOOK_OUTCOMES } from '../../src/capabilities/results/words.ts'
import { CHANNELS } from '../../src/capabilities/messages/words.ts'
import { REMINDER_STATES } from '../../src/capabilities/reminders/states.ts'
import { LEVELS, MATTERS } from '../../src/capabilities/reminders/words.ts'
import { GATEWAY_KINDS, GATEWAY_STATES, INTAKE_STATES } from '../../src/capabilities/gateways/words.ts'
import { INTAKE_WAYS, MESSAGE_STATES } from '../../src/capabilities/inbound/words.ts'
import { FINDING_STATES, FOUND, SAMPLE_STATES } from '../../src/capabilities/timeliness/states.ts'
import { BEGINS_BY, CLASSES, FINDING_KINDS } from '../../src/capabilities/timeliness/words.ts'
import { CHANGE_KINDS } from '../../src/capabilities/territory/words.ts'
import {
  ANSWERS as REGISTRAR_ANSWERS,
  CANDIDATE_STATES,
  REPORT_STATES,
} from '../../src/capabilities/oversight/states.ts'
import { WHATS } from '../../src/capabilities/oversight/words.ts'
import { ROLES } from '../../src/kernel/roles.ts'

/** Every CHECK (column in (…)) of the migrations, and the set in the code that it must equal. */
const SETS: Record<string, readonly string[]> = {
  'platform.audit.actor_kind': auditView.shape.actorKind.options,
  'access.authority.system': AUTHORITY_SYSTEMS,
  'access.person.state': PERSON_STATES,
  'access.role.role': ROLES,
  'access.mandate.kind': MANDATE_KINDS,
  'subjects.subject.kind': SUBJECT_KINDS,
  'subjects.subject.status': SUBJECT_STATUSES,
  'subjects.code.kind': CODE_KINDS,
  'subjects.conflict.kind': CONFLICT_KINDS,
  'subjects.conflict.state': CONFLICT_STATES,
  'corrections.task.kind': TASK_KINDS,
  'corrections.task.state': TASK_STATES,
  'corrections.task.outcome': ANSWERS,
  'corrections.file_case.kind': CASE_KINDS,
  'corrections.file_case.state': CASE_STATES,
  'declarations.declaration.state': DECLARATION_STATES,
  'records.record.state': RECORD_STATES,
  'records.disposition.kind': DISPOSITION_KINDS,
  'collection.submission.way_in': WAYS_IN,
  'collection.submission.state': SUBMISSION_STATES,
  'collection.row.verdict': VERDICTS,
  'collection.check_run.state': CHECK_STATES,
  'collection.check_run.lang': ['zh', 'en'],
  'collection.mend.rule': MEND_RULES,
  'messages.delivery.channel': CHANNELS,
  'messages.delivery.state': DELIVERY_STATES,
  'reminders.reminder.what': MATTERS,
  'reminders.reminder.level': LEVELS,
  'reminders.reminder.state': REMINDER_STATES,
  'reconciliation.statement.state': STATEMENT_STATES,
  'reconciliation.result.outcome': RESULT_OUTCOMES,
  'reconciliation.difference.kind': DIFFERENCE_KINDS,
  'reconciliation.difference.cause': DIFFERENCE_CAUSES,
  'reconciliation.difference.state': DIFFERENCE_STATES,
  'reconciliation.difference.closed_by_way': CLOSED_WAYS,
  'reconciliation.act.action': ['find', ...RECONCILIATION_ACTS],
  'agreements.agreement.state': AGREEMENT_STATES,
  'agreements.measure.kind': MEASURE_KINDS,
  'agreements.measure.state': MEASURE_STATES,
  'agreements.talk.state': TALK_STATES,
  'results.entry.kind': LINE_KINDS,
  'results.takedown.state': TAKEDOWN_STATES,
  'results.takedown.outcome': LOOK_OUTCOMES,
  'results.look.outcome': LOOK_OUTCOMES,
  'results.look.by_kind': ['platform', 'person'],
  'balance.run.state': RUN_STATES,
  'balance.proof.verdict': PROOF_VERDICTS,
  'repair.application.kind': KINDS,
  'repair.fact.fact': sharedFact.options,
  'repair.fact.via': FACT_VIAS,
  'repair.hand_over.ended_by': HAND_OVER_ENDS,
  'repair.application.way_in': REPAIR_WAYS_IN,
  // `closed` is derived from the items, never stored.
  'repair.application.state': APPLICATION_STATES.filter((state) => state !== 'closed'),
  'repair.item.kind': KINDS,
  'repair.item.system': ['credit_china', 'necips', 'tax', 'court', 'rating'],
  'repair.item.state': ITEM_STATES,
  'repair.act.by_kind': actView.shape.by.options,
  'repair.link.kind': LINK_KINDS,
  'repair.duty.kind': DUTY_KINDS,
  'repair.duty.state': DUTY_STATES,
  'objections.objection.way_in': OBJECTION_WAYS_IN,
  'objections.objection.ground': GROUNDS,
  'objections.objection.state': OBJECTION_STATES,
  'objections.objection.outcome': OBJECTION_OUTCOMES,
  'objections.act.by_kind': objectionAct.shape.by.options,
  'objections.evidence.by_kind': evidenceView.shape.by.options,
  'objections.report.state': OBJECTION_REPORTS,
  'objections.finding.kind': OBJECTION_FINDINGS,
  'objections.finding.state': OBJECTION_FINDING_STATES,
  'objections.review.kind': REVIEW_KINDS,
  'objections.review.state': REVIEW_STATES,
  'objections.review.outcome': REVIEW_OUTCOMES,
  'catalog.proposal.origin': ORIGINS,
  'catalog.proposal.state': PROPOSAL_STATES,
  'catalog.preview.state': PREVIEW_STATES,
  'policies.proposal.kind': RULE_CHANGES,
  'policies.proposal.state': PROPOSAL_STATES,
  'policies.pass.purpose': PASS_PURPOSES,
  'policies.pass.state': PASS_STATES,
  'quality.circular.state': CIRCULAR_STATES,
  'oversight.entry.what': WHATS,
  'oversight.rating.way_in': REPAIR_WAYS_IN.filter((way) => way !== 'transfer'),
  'oversight.report.state': REPORT_STATES,
  'oversight.candidate.state': CANDIDATE_STATES,
  'oversight.candidate.answer': REGISTRAR_ANSWERS,
  'territory.change.kind': CHANGE_KINDS,
  'gateways.gateway.kind': GATEWAY_KINDS,
  'gateways.gateway.state': GATEWAY_STATES,
  'gateways.intake.state': INTAKE_STATES,
  'inbound.intake.way': INTAKE_WAYS,
  'inbound.message.state': MESSAGE_STATES,
  'inbound.message.outcome': OUTCOMES,
  'exchange.effect.part': DUTIES,
  'exchange.effect.result': EFFECT_RESULTS,
  'exchange.effect.by_kind': EFFECT_BY,
  'certificates.letter.of_kind': LETTERS_OF,
  'certificates.receipt.way': RECEIPT_WAYS,
  'certificates.certificate.way_in': REPAIR_WAYS_IN.filter((way) => way !== 'transfer'),
  'certificates.certificate.state': CERTIFICATE_STATES,
  'certificates.certificate.ended_by': ENDED_BY,
  'certificates.propagation_receipt.scope': RECEIPT_SCOPES,
  'certificates.propagation_receipt.state': RECEIPT_STATES,
  'certificates.propagation_receipt.outcome': RECEIPT_OUTCOMES,
  'transfers.transfer.direction': TRANSFER_DIRECTIONS,
  'transfers.transfer.kind': KINDS,
  'transfers.transfer.state': TRANSFER_STATES,
  'transfers.transfer.outcome': TRANSFER_OUTCOMES,
  'transfers.step.kind': STEP_KINDS,
  'exchange.peer.kind': PEER_KINDS,
  'exchange.peer.state': PEER_STATES,
  'exchange.peer.way': WAYS,
  'exchange.peer.direction': DIRECTIONS,
  'exchange.peer.format': FORMATS,
  'exchange.peer.algorithm': ALGORITHMS,
  'exchange.peer_key.algorithm': ALGORITHMS,
  'exchange.signing_key.algorithm': ALGORITHMS,
  'onboarding.step.step': ONBOARDING_STEPS,
  'onboarding.step.outcome': STEP_OUTCOMES,
  'onboarding.acknowledgement.outcome': OUTCOMES,
  // The feed says record.publish and so on.
  'exchange.delivery.kind': DELIVERY_KINDS,
  'exchange.delivery.outcome': DELIVERY_OUTCOMES,
  'exchange.failure.fault': FAULTS,
  'exchange.parcel.kind': PARCEL_KINDS,
  'exchange.parcel.state': PARCEL_STATES,
  'exchange.chase.what': CHASED,
  'timeliness.authority.begins_by': BEGINS_BY,
  'timeliness.entry.class': CLASSES,
  'timeliness.finding.kind': FINDING_KINDS,
  'timeliness.finding.state': FINDING_STATES,
  'timeliness.sample.state': SAMPLE_STATES,
  'timeliness.sample_row.found': FOUND,
}

const checks = (): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const file of readdirSync('migrations').sort()) {
    let table = ''
    for (const line of readFileSync(`migrations/${file}`, 'utf8').split('\n')) {
      table =
        /create table (?:if not exists )?([\w.]+)/.exec(line)?.[1] ?? /alter table ([\w.]+)/.exec(line)?.[1] ?? table
      const hit = /check \((\w+) in \(([^)]*)\)\)/.exec(line)
      if (hit)
        found.set(
          `${table}.${hit[1]}`,
          [...hit[2]!.matchAll(/'([^']*)'/g)].map((m) => m[1]!),
        )
    }
  }
  return found
}

describe('closed sets', () => {
  const found = checks()
  it('finds them in the migrations', () => expect(found.size).toBeGreaterThan(20))
  it('has each in the code, and none twice', () => expect([...found.keys()].sort()).toEqual(Object.keys(SETS).sort()))
  for (const [column, values] of found) {
    it(`${column} is the same set in both`, () => expect([...values].sort()).toEqual([...(SETS[column] ?? [])].sort()))
  }
})
