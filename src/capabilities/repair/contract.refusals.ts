import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { refusals as subjectRefusals } from '../subjects/contract.ts'

export const refusals = {
  NOT_YOUR_SUBJECT: subjectRefusals.NOT_YOUR_SUBJECT,
  NO_SUCH_APPLICATION: {
    kind: 'not_found',
    zh: '没有这件申请，或者您无权查看。',
    en: 'There is no such application, or it is not yours to see.',
  },
  NO_SUCH_REPAIR_ITEM: {
    kind: 'not_found',
    zh: '没有这个修复事项，或者不由本单位办理。',
    en: 'There is no such item, or it is not for your authority to decide.',
  },
  NO_SUCH_MATERIAL: { kind: 'not_found', zh: '没有这份材料。', en: 'There is no such material.' },
  NO_SUCH_APPLICANT: {
    kind: 'not_found',
    zh: '没有查到这个信用主体，请核对代码后重试。',
    en: 'No such subject was found. Check the code and try again.',
  },
  NOT_A_DRAFT: {
    kind: 'conflict',
    zh: '申请已经提交，不能再修改。如需补充，请等待一次性告知；如不再申请，可以撤回。',
    en: 'The application has been submitted and cannot be changed. Wait for the notice to add material, or withdraw.',
  },
  BASKET_EMPTY: {
    kind: 'refused',
    zh: '申请中没有任何记录，请至少选择一条记录。',
    en: 'The basket is empty. Choose at least one record.',
  },
  RECORD_UNKNOWN: {
    kind: 'refused',
    zh: '所选记录不属于该主体，请从“我的信用记录”中选择。',
    en: 'A chosen record is not of this subject. Choose from its records.',
  },
  RECORD_NOT_ADVERSE: {
    kind: 'refused',
    zh: '“{doc}”不是失信信息，无需修复。',
    en: '“{doc}” is not adverse information; there is nothing to repair.',
  },
  RECORD_UNDER_WAY: {
    kind: 'conflict',
    zh: '“{doc}”已在另一件申请中办理，请勿重复申请。',
    en: '“{doc}” is already in another application. Do not apply twice.',
  },
  NOT_YET: {
    kind: 'refused',
    zh: '“{doc}”暂不能申请：{reason}（{article}）',
    en: '“{doc}” cannot be applied for now: {reason} ({article})',
  },
  NOT_SHOWN: {
    kind: 'refused',
    zh: '“{doc}”目前未公示，无需屏蔽。',
    en: '“{doc}” is not shown at present; there is nothing to shield.',
  },
  MUST_DECLARE: {
    kind: 'refused',
    zh: '“{doc}”尚需勾选声明：{reason}（{article}）',
    en: '“{doc}” still needs a declaration: {reason} ({article})',
  },
  NO_ROUTE: {
    kind: 'refused',
    zh: '“{doc}”暂无受理单位，请咨询综合窗口或者认定单位“{authority}”。',
    en: 'No authority is set to receive “{doc}”. Ask the window or the deciding authority “{authority}”.',
  },
  NO_RULES: {
    kind: 'refused',
    zh: '“{doc}”的修复不由本平台规则调整，请向“{receiver}”申请。',
    en: 'Repair of “{doc}” is not governed here. Apply to “{receiver}”.',
  },
  COMMITMENT_UNSIGNED: {
    kind: 'refused',
    zh: '请先签署信用承诺书（{article}）。',
    en: 'Sign the commitment first ({article}).',
  },
  COMMITMENT_SIGNED: {
    kind: 'conflict',
    zh: '信用承诺书已经签署，无需重复签署。',
    en: 'The commitment is signed already.',
  },
  COMMITMENT_NOT_ASKED: {
    kind: 'conflict',
    zh: '适用的规则没有要求作出信用承诺，无需签署，可以直接提交。',
    en: 'The rules that apply ask for no commitment. There is nothing to sign; submit as it is.',
  },
  MATERIAL_MISSING: {
    kind: 'refused',
    zh: '缺少材料：{name}（{article}）。',
    en: 'Material is missing: {name} ({article}).',
  },
  MATERIAL_KIND_UNKNOWN: {
    kind: 'refused',
    zh: '没有“{kind}”这类材料，请从材料清单中选择。',
    en: 'There is no such kind of material. Choose one from the list.',
  },
  MATERIAL_TYPE: {
    kind: 'refused',
    zh: '文件“{file}”不是可以识别的 PDF、JPG、PNG 或 DOCX 文件，请转换后上传。',
    en: '“{file}” is not a PDF, JPG, PNG or DOCX file. Convert it and upload again.',
  },
  MATERIAL_LOCKED: {
    kind: 'conflict',
    zh: '申请正在办理，现在不能增减材料；如需补正，认定单位会一次性告知。',
    en: 'The application is being handled and material cannot be changed now. If something is missing you will get one notice.',
  },
  ASKED_ALREADY: {
    kind: 'refused',
    zh: '补正材料应当一次性告知，本事项已于 {day} 告知过，不得再次要求补正（{article}）。请受理，或者作出不予受理决定并说明理由。',
    en: 'Missing material is to be asked for once and all together; that was done on {day} ({article}). Accept, or do not accept with reasons.',
  },
  EXTENDED_ALREADY: {
    kind: 'refused',
    zh: '办理期限已延长过一次，不能再次延长（{article}）。',
    en: 'The term has been extended once and cannot be extended again ({article}).',
  },
  EXTENSION_UNKNOWN: {
    kind: 'refused',
    zh: '适用的规则没有规定可以延长办理期限。',
    en: 'The rule that applies provides for no extension.',
  },
  EXTENSION_LATE: {
    kind: 'refused',
    zh: '办理期限已于 {day} 届满，届满后不能延长。请尽快作出决定。',
    en: 'The term ended on {day}; it cannot be extended afterwards. Please decide.',
  },
  CONDITION_UNKNOWN: {
    kind: 'refused',
    zh: '所选的不符合条件项不适用于本事项，请从条件清单中选择。',
    en: 'A chosen condition does not apply to this item. Choose from its list.',
  },
  RULED_BY_MISSING: {
    kind: 'refused',
    zh: '“{doc}”的条件由本单位依照行业规定核查，请逐项写明所适用的条件和依据（{article}）。',
    en: 'The condition for “{doc}” is judged by your own sector’s rules. State the condition applied and its basis ({article}).',
  },
  CONDITION_HOLDS: {
    kind: 'refused',
    zh: '所选条件经平台核算已经满足，不能作为不予修复的理由：{holds}（{article}）',
    en: 'By the platform’s own reckoning this condition is met and cannot be a ground of refusal: {holds} ({article})',
  },
  NOT_LAPSED_YET: {
    kind: 'refused',
    zh: '补正期限尚未届满，{day}起方可终止办理。',
    en: 'The term for additions is running; the item may lapse from {day}.',
  },
  NEVER_LAPSES: {
    kind: 'refused',
    zh: '适用的规则没有规定补正期限，记录也仍在公示，不能终止办理。',
    en: 'The rules set no term for additions and the record is still shown; the item cannot lapse.',
  },
  SAME_PERSON: {
    kind: 'forbidden',
    zh: '提出和确认不得为同一人，请由另一位负责人确认（{article}）。',
    en: 'Whoever proposed it cannot confirm it; another head does ({article}).',
  },
  AWAITS_HEAD: {
    kind: 'conflict',
    zh: '本事项已提请负责人审批，请等待审批结果。',
    en: 'A proposal on this item awaits the head of the authority.',
  },
  NOTHING_PROPOSED: {
    kind: 'conflict',
    zh: '本事项没有待审批的提请。',
    en: 'There is no proposal on this item to approve.',
  },
  NO_LONGER_REPAIRABLE: {
    kind: 'refused',
    zh: '现在不能准予修复：{reason}（{article}）',
    en: 'It cannot be granted now: {reason} ({article})',
  },
  REPAIR_UNDER_WAY: {
    kind: 'refused',
    zh: '修复申请（编号{no}）正在办理，涉及{doc}，办结后方可调整档案。',
    en: 'A repair application (no. {no}) about {doc} is under way; the file stays as it is until it is decided.',
  },
  RECORD_IN_APPLICATION: {
    kind: 'refused',
    zh: '{doc}已列入修复申请（编号{no}），不能单独移出本档案。',
    en: '{doc} stands in repair application no. {no} and cannot leave this file by itself.',
  },
} as const satisfies RefusalCatalogue
