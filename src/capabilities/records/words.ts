import type { WindowClass } from '../../kernel/policy.ts'
import type { DispositionKind } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import type { AnnulCause } from './contract.ts'

export const DISPOSITION_WORDS: Record<DispositionKind, Words> = {
  repaired: { zh: '信用修复', en: 'Repaired' },
  annulled: { zh: '撤销', en: 'Annulled' },
  shielded: { zh: '破产重整屏蔽', en: 'Shielded in reorganisation' },
  restored: { zh: '恢复公示', en: 'Shown again' },
  reinstated: { zh: '撤销有误，恢复', en: 'Reinstated' },
  revoked: { zh: '撤销信用修复', en: 'Repair revoked' },
  prolonged: { zh: '延续公示', en: 'Shown longer' },
  corrected: { zh: '更正', en: 'Corrected' },
  disputed: { zh: '异议处理中', en: 'Under objection' },
  dispute_closed: { zh: '异议办结', en: 'Objection closed' },
  deregistered: { zh: '主体注销', en: 'Subject deregistered' },
  delisted: { zh: '移出名单', en: 'Removed from the list' },
  withheld: { zh: '停止公示', en: 'Not shown any more' },
}

export const CLASS_WORDS: Record<WindowClass, Words> = {
  minor: { zh: '轻微失信', en: 'Minor' },
  general: { zh: '一般失信', en: 'General' },
  serious: { zh: '严重失信', en: 'Serious' },
  listed: { zh: '列入名单', en: 'Listed' },
  unclassified: { zh: '尚未分类', en: 'Not classed yet' },
  none: { zh: '不属于失信信息', en: 'Not adverse' },
}

export const RECORD_STATE_WORDS: Record<'held' | 'annulled', Words> = {
  held: { zh: '有效', en: 'Held' },
  annulled: { zh: '已撤销', en: 'Annulled' },
}

export const CHANNEL_WORDS: Record<'credit_china' | 'necips', Words> = {
  credit_china: { zh: '信用网站', en: 'Credit site' },
  necips: { zh: '国家企业信用信息公示系统', en: 'National enterprise credit publicity system' },
}

export const ANNUL_CAUSE_WORDS: Record<AnnulCause, Words> = {
  set_aside: { zh: '行政复议或者行政诉讼撤销原决定', en: 'Set aside in review or by a court' },
  withdrawn: { zh: '认定单位自行撤销原决定', en: 'Withdrawn by the deciding authority' },
  changed: { zh: '原决定变更，另有新的决定', en: 'Changed; there is a new decision' },
  wrong_subject: { zh: '主体有误', en: 'The wrong subject' },
  reported_twice: { zh: '重复报送', en: 'Reported twice' },
  not_collectable: { zh: '依法不应归集', en: 'Not to be collected by law' },
  other: { zh: '其他', en: 'Other' },
}
