import type { Words } from '../../kernel/words.ts'

export const PROGRESS = {
  title: { zh: '信用修复办理进度查询', en: 'Progress of a repair application' },
  lead: {
    zh: '凭收件回执上的编号和查询码查询，无需登录。',
    en: 'Ask with the number and the code on your receipt. No account is needed.',
  },
  no: { zh: '回执编号', en: 'Receipt number' },
  code: { zh: '查询码', en: 'Code' },
  ask: { zh: '查询', en: 'Ask' },
  wrong: {
    zh: '回执编号或者查询码不正确，请核对回执后重试。',
    en: 'The receipt number or the code is not right. Check the receipt and try again.',
  },
  help: {
    zh: '查询码为8位字母和数字，不区分大小写。回执遗失的，请携带身份证明到原收件窗口补打。',
    en: 'The code has 8 letters and digits; upper and lower case are alike. If the receipt is lost, the window prints it again against proof of identity.',
  },
  application: { zh: '修复申请', en: 'Application' },
  submitted: { zh: '收件日期：', en: 'Taken in on ' },
  state: { zh: '办理状态', en: 'State' },
  decider: { zh: '办理单位', en: 'Decided by' },
  due: { zh: '办理期限', en: 'Due on' },
  decided: { zh: '办结日期', en: 'Decided on' },
  next: { zh: '下一步', en: 'What happens next' },
  missing: { zh: '需要补正的材料', en: 'What is missing' },
} as const satisfies Record<string, Words>
