import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { refusals as subjectRefusals } from '../subjects/contract.ts'

export const refusals = {
  NOT_YOUR_SUBJECT: subjectRefusals.NOT_YOUR_SUBJECT,
  NO_SUCH_OBJECTION: {
    kind: 'not_found',
    zh: '没有这件异议，或者不由您办理。',
    en: 'There is no such objection, or it is not yours to see.',
  },
  NO_SUCH_TARGET: {
    kind: 'not_found',
    zh: '没有查到所选的信息或者决定，请从列表中选择。',
    en: 'The chosen record or decision was not found. Choose one from the list.',
  },
  TARGET_MISSING: {
    kind: 'invalid',
    zh: '请选择一条信息，或者一项不予受理、不予修复的决定。',
    en: 'Choose one record, or one refusal of a repair.',
  },
  GROUND_NOT_HERE: {
    kind: 'refused',
    zh: '本地区不受理“{ground}”这一情形的异议，可以提出的情形见异议指引。',
    en: '“{ground}” is no ground here; the guide lists those that are.',
  },
  GROUND_MISFITS: {
    kind: 'refused',
    zh: '“{ground}”不适用于所选的信息或者决定。',
    en: '“{ground}” does not fit what was chosen.',
  },
  NOT_SHOWN_NOW: {
    kind: 'refused',
    zh: '该信息目前没有公示，不适用“{ground}”。认为内容有误的，请选择“信息内容错误”。',
    en: 'The record is not shown at present, so “{ground}” does not apply. If its content is wrong, say so instead.',
  },
  RECORD_TAKEN_BACK: {
    kind: 'refused',
    zh: '该信息已由认定单位撤回，无需再提出异议。',
    en: 'Its authority has taken the record back; there is nothing left to object to.',
  },
  OBJECTION_PENDING: {
    kind: 'conflict',
    zh: '对该信息已就同一情形提出过异议（编号{no}），正在办理，请勿重复提出。',
    en: 'An objection on the same ground (no. {no}) is pending already.',
  },
  OBJECTION_NOT_DRAFT: {
    kind: 'conflict',
    zh: '异议已经提交，不能再修改。',
    en: 'It has been submitted and cannot be changed.',
  },
  STATEMENT_MISSING: {
    kind: 'refused',
    zh: '请写明异议的理由，不少于{least}个字。',
    en: 'Say what is wrong, in at least {least} characters.',
  },
  NO_SUCH_EVIDENCE: { kind: 'not_found', zh: '没有这份证据材料。', en: 'There is no such piece of evidence.' },
  EVIDENCE_TYPE: {
    kind: 'refused',
    zh: '文件“{file}”不是可以识别的 PDF、JPG、PNG 或 DOCX 文件，请转换后上传。',
    en: '“{file}” is not a PDF, JPG, PNG or DOCX file. Convert it and upload again.',
  },
  EVIDENCE_LOCKED: {
    kind: 'conflict',
    zh: '异议已经办结，不能再增减材料。',
    en: 'It is closed; evidence cannot be changed any more.',
  },
  EVIDENCE_TOO_MANY: {
    kind: 'refused',
    zh: '一件异议最多上传{most}份材料，请合并后上传。',
    en: 'At most {most} files go with one objection; put some together.',
  },
  NO_FINDER: {
    kind: 'refused',
    zh: '认定单位“{authority}”未在平台启用，请指定承接的单位。',
    en: 'The authority “{authority}” is not active on the platform. Name the one that carries on its work.',
  },
  EXTENDED_BEFORE: {
    kind: 'refused',
    zh: '核查期限已延长过一次，不能再次延长。',
    en: 'The term has been extended once and cannot be extended again.',
  },
  EXTENSION_TOO_LATE: {
    kind: 'refused',
    zh: '核查期限已于{day}届满，延长应当提前告知申请人（{article}）。请尽快作出决定。',
    en: 'The term ended on {day}; an extension has to be announced beforehand ({article}). Please decide.',
  },
  EXTENSION_TOO_LONG: {
    kind: 'refused',
    zh: '最多延长{most}个工作日。',
    en: 'It may be extended by {most} working days at most.',
  },
  CORRECTION_MISSING: {
    kind: 'refused',
    zh: '异议成立的，请选择如何更正或者撤回。',
    en: 'What is upheld needs a correction.',
  },
  CORRECTION_NEEDLESS: {
    kind: 'refused',
    zh: '异议不成立的，不能同时更正信息。',
    en: 'What is rejected corrects nothing.',
  },
  CORRECTION_MISFITS: {
    kind: 'refused',
    zh: '这一处理方式不适用于“{ground}”。',
    en: 'This correction does not fit “{ground}”.',
  },
  NOTHING_CHANGES: {
    kind: 'refused',
    zh: '填写的内容与现有内容相同，没有需要更正的项目。',
    en: 'Nothing differs from what is held.',
  },
  FIELD_NOT_CORRECTABLE: {
    kind: 'refused',
    zh: '“{field}”不能在异议中更正；主体有误的，请撤回该条信息后按正确的主体报送。',
    en: '“{field}” cannot be corrected here. If the subject is wrong, take the record back and report it for the right one.',
  },
  FIELD_VALUE_WRONG: {
    kind: 'refused',
    zh: '“{field}”填写的“{value}”不符合要求：{why}',
    en: '“{value}” is not right for “{field}”: {why}',
  },
  NUMBER_TAKEN: {
    kind: 'conflict',
    zh: '该主体名下已有决定文书号为“{doc}”的信息，请核对；属于重复公示的，请撤回其中一条。',
    en: 'The subject has a record under the number “{doc}” already. If it is the same, take one of the two back.',
  },
  STOP_DAY_WRONG: {
    kind: 'refused',
    zh: '停止公示的日期应当早于现有的公示截止日{until}，且不晚于该日。',
    en: 'The day has to lie before {until}, on which it ends anyway.',
  },
  STOP_TOO_EARLY: {
    kind: 'refused',
    zh: '该信息最短公示期至{day}，属于依法应当公示的，不得提前撤下；信息本身有误或者无效的，请选择更正内容或者撤回该条信息。',
    en: 'Its shortest period runs until {day} and it may not go earlier. If the record itself is wrong or void, correct it or take it back.',
  },
  RECORD_CHANGED: {
    kind: 'conflict',
    zh: '“{doc}”在您查看之后已有变化，请重新核对后办理。',
    en: '“{doc}” has changed since you looked. Check it again.',
  },
  NOT_UPHELD: {
    kind: 'conflict',
    zh: '异议成立并更正之后，才能查找和更正同类信息。',
    en: 'Records with the same fault can be corrected once it is upheld and carried out.',
  },
  NO_SUCH_SIBLING: {
    kind: 'refused',
    zh: '所选信息不在存在同样问题的列表中，请重新查找。',
    en: 'A chosen record is not among those with the same fault. Look again.',
  },
  OWN_MOTION_OFF: {
    kind: 'refused',
    zh: '本地区未启用主动异议，请通过撤销信息办理。',
    en: 'Own-motion correction is not in use here; annul the record instead.',
  },
  NOT_YOUR_FINDING: {
    kind: 'forbidden',
    zh: '该信息不是本单位认定的，不能由本单位主动异议。',
    en: 'Another authority found it; yours cannot correct it of its own motion.',
  },
  NOT_TAKEN_UP_AGAIN: {
    kind: 'refused',
    zh: '该修复事项还没有重新受理或者准予，办理后再确认。',
    en: 'The repair has not been accepted or granted again yet.',
  },
  TOO_MANY_REPORTS: {
    kind: 'throttled',
    zh: '提交过于频繁，请稍后再试；也可以拨打信用主管部门电话反映。',
    en: 'Too many reports from here. Try again later, or call the credit office.',
  },
  NO_SUCH_REPORT: {
    kind: 'not_found',
    zh: '没有查到这件反映，请核对编号和查询码。',
    en: 'No such report. Check the number and the code.',
  },
  NO_SUCH_TOMBSTONE: { kind: 'not_found', zh: '没有这条限制。', en: 'There is no such entry.' },
  TOMBSTONE_LIFTED: {
    kind: 'conflict',
    zh: '该限制已经解除。',
    en: 'It has been lifted already.',
  },
  NO_SUCH_FINDING: {
    kind: 'not_found',
    zh: '没有这条自查问题，或者不在本地区。',
    en: 'There is no such finding, or it is outside your territory.',
  },
  FINDING_CLOSED: {
    kind: 'conflict',
    zh: '该问题已经处理或者消除。',
    en: 'It has been passed on, or is gone.',
  },
  NO_SUCH_REVIEW: {
    kind: 'not_found',
    zh: '没有这件复议或者诉讼登记，或者不由您办理。',
    en: 'There is no such reconsideration or lawsuit, or it is not yours.',
  },
  REVIEW_EXISTS: {
    kind: 'conflict',
    zh: '该信息已登记进行中的行政复议或者行政诉讼。',
    en: 'A reconsideration or a lawsuit about this record is registered and pending.',
  },
  DAY_IN_FUTURE: {
    kind: 'refused',
    zh: '日期不能晚于今天。',
    en: 'The day cannot lie in the future.',
  },
  REVIEW_CHANGED_NOTHING: {
    kind: 'refused',
    zh: '原决定维持不变，没有需要撤销或者修改的信息。',
    en: 'The decision stands; there is nothing to withdraw or change.',
  },
  OBJECTION_UNDER_WAY: {
    kind: 'refused',
    zh: '异议（编号{no}）正在办理，涉及{doc}，办结后方可调整档案。',
    en: 'An objection (no. {no}) about {doc} is pending; the file stays as it is until it is decided.',
  },
  RECORD_IN_OBJECTION: {
    kind: 'refused',
    zh: '{doc}已列入异议（编号{no}），不能单独移出本档案。',
    en: '{doc} stands in objection no. {no} and cannot leave this file by itself.',
  },
} as const satisfies RefusalCatalogue
