import type { Words } from '../../kernel/words.ts'

/** “This is not us”: what anyone may say about an entry before signing in, and how it goes on. */
export const REPORT = {
  link: { zh: '这不是我们，或者信息有误', en: 'This is not us, or it is wrong' },
  title: { zh: '这不是我们', en: 'This is not us' },
  lead: {
    zh: '该信息不属于您的单位，或者内容有误、重复公示、超期公示的，可以在此反映，无需登录。信用主管部门核实后，作为异议转认定单位核查。',
    en: 'If this entry does not belong to you, or is wrong, shown twice or shown for too long, you can say so here without signing in. The credit office looks into it and passes it on to the authority as an objection.',
  },
  mine: {
    zh: '信用主体本身提出异议的，请登录后办理：可以上传证明材料、查看办理进度和结果。',
    en: 'If you act for the subject, please sign in and object: you can add evidence and follow what happens.',
  },
  about: { zh: '所反映的信息', en: 'The entry' },
  text: { zh: '情况说明', en: 'What is wrong' },
  textHint: {
    zh: '请写明哪里不对、正确的情况是什么，不超过2000个字。请勿填写身份证件号码。',
    en: 'Say what is wrong and what is right, in at most 2,000 characters. Please do not enter identity numbers.',
  },
  name: { zh: '您的称呼（可以不填）', en: 'Your name (optional)' },
  contact: { zh: '联系电话或者电子邮箱', en: 'Telephone or e-mail' },
  contactHint: {
    zh: '仅用于核实情况和告知结果，加密保存，不对外公开。',
    en: 'Used only to look into this and to tell you the result. It is kept encrypted and not shown to anyone else.',
  },
  submit: { zh: '提交', en: 'Send' },
  cancel: { zh: '返回该信息', en: 'Back to the entry' },
  wrong: { zh: '没有提交成功，请修改后再次提交：', en: 'It was not sent. Please correct this and send it again:' },
  textWrong: { zh: '情况说明应当为4至2000个字。', en: 'Say what is wrong in 4 to 2,000 characters.' },
  contactWrong: {
    zh: '联系电话或者电子邮箱应当为5至100个字符。',
    en: 'Give a telephone number or an e-mail address of 5 to 100 characters.',
  },
  nameWrong: { zh: '称呼不超过60个字。', en: 'A name of at most 60 characters.' },
  done: { zh: '已收到您的反映', en: 'We have received your report' },
  doneText: {
    zh: '编号和查询码只显示一次，请抄录或者截屏保存，凭此查询处理情况。',
    en: 'The number and the code are shown only once. Keep them: they tell you what became of it.',
  },
  no: { zh: '编号', en: 'Number' },
  token: { zh: '查询码', en: 'Code' },
  receivedOn: { zh: '收到日期', en: 'Received on' },
  statusTitle: { zh: '查询反映的处理情况', en: 'What became of a report' },
  statusLead: {
    zh: '请输入提交时给出的编号和查询码。',
    en: 'Enter the number and the code that you were given.',
  },
  statusDo: { zh: '查询', en: 'Look up' },
  statusWrong: { zh: '请填写编号和查询码。', en: 'Please enter the number and the code.' },
  state: { zh: '处理情况', en: 'State' },
  next: { zh: '说明', en: 'What it means' },
  objection: { zh: '异议办理情况', en: 'The objection' },
  answer: { zh: '答复', en: 'Answer' },
} satisfies Record<string, Words>
