import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { BADGES, declaredRow } from '../subjects/contract.ts'
import { DECLARATION_ACTIONS, DECLARATION_STATES } from './words.ts'
import { id, instant, pageAsk, seen, words } from '../../kernel/shapes.ts'

export { DECLARATION_STATES }

const day = z.string().meta({ format: 'date' })
const page = pageAsk({ most: 100, usual: PAGE_LIMIT })
const list = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() })

const said = z.object({
  kind: z.string().regex(/^[a-z][a-z_]{1,40}$/),
  title: z.string().trim().min(2).max(200).meta({ zh: '名称', en: 'Title' }),
  issuer: z.string().trim().min(2).max(200).meta({ zh: '颁发或者认定单位', en: 'Issued by' }),
  documentNo: z.string().trim().max(100).default('').meta({ zh: '证书或者文件编号', en: 'Number' }),
  issuedOn: z.iso.date().meta({ zh: '颁发日期', en: 'Issued on' }),
  validTo: z.iso.date().nullable().default(null).meta({ zh: '有效期至', en: 'Valid to' }),
  note: z.string().trim().max(1000).default('').meta({ zh: '说明', en: 'Note' }),
})
export type SaidInput = z.infer<typeof said>

export const declarationRow = z.object({
  subjectId: id,
  id,
  no: z.string(),
  kind: z.string(),
  kindName: words,
  title: z.string(),
  issuer: z.string(),
  documentNo: z.string(),
  issuedOn: day,
  validTo: day.nullable(),
  state: z.enum(DECLARATION_STATES),
  /** null while it says nothing to anybody: a draft, refused, withdrawn or false. */
  badge: z.enum(BADGES).nullable(),
  expired: z.boolean(),
  /** Counts in reports and evaluation. */
  counts: z.boolean(),
  shown: z.boolean(),
  subjectName: z.string(),
  authorityName: z.string().nullable(),
  declaredAt: instant.nullable(),
  decidedOn: day.nullable(),
  reason: z.string(),
  version: seen,
})
export type DeclarationRow = z.infer<typeof declarationRow>
export const declarationView = declarationRow.extend({
  note: z.string(),
  proof: z.object({ name: z.string(), bytes: z.int() }).nullable(),
  subjectCode: z.string().nullable(),
  /** What was signed; before that, what is to be signed. */
  commitment: words,
  consequence: words.nullable(),
  acts: z.array(z.object({ action: z.string(), at: instant, note: z.string() })),
  actions: z.array(z.enum(DECLARATION_ACTIONS)),
})
export type DeclarationView = z.infer<typeof declarationView>

export const kindView = z.object({
  code: z.string(),
  name: words,
  public: z.boolean(),
  validity: z.enum(['required', 'optional']),
})
export type KindView = z.infer<typeof kindView>

const company = { roles: ['enterprise'] } as const
const verifier = { roles: ['officer', 'head', 'credit_office'] } as const
const both = { roles: ['enterprise', 'officer', 'head', 'credit_office'] } as const
const key = z.object({ subject: id, id })

export const endpoints = defineEndpoints({
  listKinds: {
    method: 'GET',
    path: '/declaration-kinds',
    summary: { zh: '可以自主申报的信息种类', en: 'What may be declared' },
    allowed: both,
    reply: z.object({ open: z.boolean(), commitment: words, consequence: words.nullable(), rows: z.array(kindView) }),
  },
  listMine: {
    method: 'GET',
    path: '/my/subjects/:subjectId/declarations',
    summary: { zh: '本主体自主申报的信息', en: 'What my subject has declared' },
    allowed: company,
    params: z.object({ subjectId: id }),
    query: z.object(page),
    reply: list(declarationRow),
  },
  beginDeclaration: {
    method: 'POST',
    path: '/my/subjects/:subjectId/declarations',
    summary: { zh: '填写自主申报信息', en: 'Begin a declaration' },
    allowed: company,
    params: z.object({ subjectId: id }),
    body: said,
    reply: declarationView,
    status: 201,
  },
  getDeclaration: {
    method: 'GET',
    path: '/declarations/:subject/:id',
    summary: { zh: '查看自主申报信息', en: 'A declaration' },
    allowed: both,
    params: key,
    reply: declarationView,
  },
  amendDeclaration: {
    method: 'POST',
    path: '/declarations/:subject/:id/amend',
    summary: { zh: '修改自主申报信息', en: 'Amend a declaration' },
    allowed: company,
    params: key,
    body: said.extend({ seen }),
    reply: declarationView,
  },
  attachProofOfDeclaration: {
    method: 'POST',
    path: '/declarations/:subject/:id/proof',
    summary: { zh: '上传自主申报证明材料', en: 'Upload the proof of a declaration' },
    allowed: company,
    upload: true,
    params: key,
    reply: declarationView,
  },
  proofOfDeclaration: {
    method: 'GET',
    path: '/declarations/:subject/:id/proof',
    summary: { zh: '下载自主申报证明材料', en: 'The proof of a declaration' },
    allowed: both,
    params: key,
    reply: 'file',
  },
  declare: {
    method: 'POST',
    path: '/declarations/:subject/:id/declare',
    summary: { zh: '签署承诺并申报', en: 'Sign the commitment and declare' },
    allowed: company,
    params: key,
    body: z.object({ seen, committed: z.literal(true) }),
    reply: declarationView,
  },
  withdrawDeclaration: {
    method: 'POST',
    path: '/declarations/:subject/:id/withdraw',
    summary: { zh: '撤回自主申报信息', en: 'Withdraw a declaration' },
    allowed: company,
    params: key,
    body: z.object({ seen }),
    reply: declarationView,
  },
  listToVerify: {
    method: 'GET',
    path: '/declarations',
    summary: { zh: '待核验的自主申报信息', en: 'Declarations to verify' },
    allowed: verifier,
    query: z.object({ state: z.enum(['declared', 'verified', 'refused', 'found_false']).default('declared'), ...page }),
    reply: list(declarationRow),
  },
  decideDeclaration: {
    method: 'POST',
    path: '/declarations/:subject/:id/decision',
    summary: { zh: '核验自主申报信息', en: 'Verify, refuse or find false' },
    allowed: verifier,
    params: key,
    body: z.object({
      seen,
      action: z.enum(['verify', 'refuse', 'find_false']),
      reason: z.string().trim().max(500).default(''),
    }),
    reply: declarationView,
  },
  publicDeclared: {
    method: 'GET',
    path: '/subjects/:code/declared',
    summary: { zh: '查询信用主体自主申报并公示的信息', en: 'What a subject declared that anyone may see' },
    allowed: { anyone: true },
    params: z.object({ code: z.string().min(5).max(40) }),
    reply: z.object({ code: z.string(), name: z.string(), rows: z.array(declaredRow) }),
  },
})

export const refusals = {
  DECLARING_CLOSED: { kind: 'refused', zh: '本地区尚未开通信用信息自主申报。', en: 'Declaring is not open here.' },
  NO_SUCH_KIND: { kind: 'refused', zh: '没有这一种类的自主申报信息。', en: 'There is no such kind of declaration.' },
  NO_SUCH_DECLARATION: {
    kind: 'not_found',
    zh: '没有这项自主申报信息，或者不由本单位核验。',
    en: 'There is no such declaration, or it is not yours.',
  },
  ISSUED_IN_FUTURE: { kind: 'refused', zh: '颁发日期不能晚于今天。', en: 'The day of issue lies in the future.' },
  VALIDITY_MISSING: {
    kind: 'refused',
    zh: '该种类信息应当填写有效期。',
    en: 'This kind needs its last day of validity.',
  },
  VALIDITY_BEFORE_ISSUE: {
    kind: 'refused',
    zh: '有效期届满日不能早于颁发日期。',
    en: 'It would end before it was issued.',
  },
  ALREADY_EXPIRED: { kind: 'refused', zh: '该信息已过有效期，不能申报或者核验通过。', en: 'It is no longer valid.' },
  PROOF_MISSING: { kind: 'refused', zh: '请先上传证明材料。', en: 'Attach the proof first.' },
  PROOF_NOT_READABLE: {
    kind: 'refused',
    zh: '“{file}”不是 PDF、JPG、PNG 文件。',
    en: '“{file}” is not a PDF, JPG or PNG file.',
  },
  BARRED_AS_FALSE: {
    kind: 'refused',
    zh: '同类信息此前经查不实，{until}前不受理申报。',
    en: 'One of this kind was found false; none is taken before {until}.',
  },
  REASON_MISSING: {
    kind: 'refused',
    zh: '核验不通过或者认定不实的，应当说明理由（至少4个字）。',
    en: 'Refusing needs a reason of at least four characters.',
  },
  NO_VERIFIER: { kind: 'refused', zh: '平台上没有可以核验的单位。', en: 'No authority on the platform can verify it.' },
  NOT_FOR_NATURAL_PERSONS: {
    kind: 'refused',
    zh: '自主申报面向企业和其他组织，自然人信息不在此申报。',
    en: 'Declaring is for organisations; nothing about natural persons is declared here.',
  },
} as const satisfies RefusalCatalogue
