import type { ParseArgsConfig } from 'node:util'
import type { Words } from '../kernel/words.ts'
import type { Run } from './io.ts'

export type Command = {
  name: string
  usage: string
  about: Words
  options: NonNullable<ParseArgsConfig['options']>
  /** Loaded only when asked for: help comes at once. */
  load: () => Promise<Run>
}

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const

/** Every command of `xinheng`, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'serve',
    usage: '',
    about: { zh: '启动平台（同 npm start）', en: 'run the platform (as npm start)' },
    options: {},
    load: async () => (await import('./run.ts')).serve,
  },
  {
    name: 'worker',
    usage: '',
    about: {
      zh: '只运行后台任务（与接口进程共用一个 PostgreSQL）',
      en: 'run the jobs alone, beside API processes on PostgreSQL',
    },
    options: {},
    load: async () => (await import('./run.ts')).worker,
  },
  {
    name: 'migrate',
    usage: '',
    about: { zh: '执行数据库迁移', en: 'bring the database up to date' },
    options: {},
    load: async () => (await import('./run.ts')).migrateOnly,
  },
  {
    name: 'seed',
    usage: '',
    about: { zh: '向空数据库装入演示数据', en: 'load the demonstration into an empty database' },
    options: {},
    load: async () => (await import('./run.ts')).seed,
  },
  {
    name: 'import',
    usage:
      'FILE --item penalty|licence|abnormal_list|serious_list --authority CODE [--mapping FILE] [--dry-run] [--errors FILE] [--backfill]',
    about: {
      zh: '导入归集文件并打印回执；--errors 写出退回数据表',
      en: 'take in a file and print the receipt; --errors writes the workbook of returned rows',
    },
    options: { item: text, authority: text, mapping: text, 'dry-run': flag, errors: text, backfill: flag },
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'explain',
    usage: 'RECORD|CODE [--on DAY]',
    about: {
      zh: '说明信息为何公示、公示到哪一天、依据哪一条',
      en: 'say why a record is shown or not, until when, and by which article',
    },
    options: { on: text },
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'gateway table',
    usage: '--item ITEM [--schema NAME] [--table NAME]',
    about: {
      zh: '输出前置库交换表的建表语句',
      en: 'print the statements that make an exchange table',
    },
    options: { item: text, schema: text, table: text },
    load: async () => (await import('./gateway.ts')).gatewayTableCommand,
  },
  {
    name: 'gateway list',
    usage: '',
    about: {
      zh: '列出接收文件夹和前置库交换表的运行状态',
      en: 'list watched folders and exchange tables, and how they go',
    },
    options: {},
    load: async () => (await import('./gateway.ts')).gatewayListCommand,
  },
  {
    name: 'policy show',
    usage: '[JURISDICTION] [--on DAY]',
    about: { zh: '列出规则及全部存疑（UNSURE）事项', en: 'list the rules, and everything that is marked UNSURE' },
    options: { on: text },
    load: async () => (await import('./policy.ts')).policyShowCommand,
  },
  {
    name: 'policy diff',
    usage: 'A B   (440100 | 440100@2026-04-01 | 2026-04-01)',
    about: { zh: '比较两个地区或者两个日期的规则', en: 'compare two jurisdictions or two days' },
    options: {},
    load: async () => (await import('./policy.ts')).policyDiffCommand,
  },
  {
    name: 'policy validate',
    usage: '[JURISDICTION…]',
    about: { zh: '校验规则文件', en: 'check the rule files' },
    options: {},
    load: async () => (await import('./policy.ts')).policyValidateCommand,
  },
  {
    name: 'audit verify',
    usage: '',
    about: { zh: '核验审计日志未被改动', en: 'check that the audit has not been tampered with' },
    options: {},
    load: async () => (await import('./audit.ts')).auditVerifyCommand,
  },
  {
    name: 'balance prove',
    usage: '[--all]',
    about: {
      zh: '重新读取原始文件，核验接收 = 入库 + 退回 + 待核实 + 已有；--all 核验全部报送',
      en: 'read the raw files again and prove that received = accepted + returned + pending + already held; --all proves everything',
    },
    options: { all: flag },
    load: async () => (await import('./balance.ts')).balanceProveCommand,
  },
  {
    name: 'certificate verify',
    usage: 'FILE|TOKEN [--keys FILE|URL] [--online URL]',
    about: {
      zh: '核对信用修复证明的签名（无需联网）；--online 向平台查验当前效力',
      en: 'check the signature of a certificate of repair, offline; --online asks the platform whether it still holds',
    },
    options: { keys: text, online: text },
    load: async () => (await import('./certificate.ts')).certificateVerifyCommand,
  },
  {
    name: 'call',
    usage:
      'ENDPOINT [name=text | name:=JSON | file@PATH …] [--url URL] [--key KEY | --key-file FILE] [--out FILE] | --list',
    about: {
      zh: '调用运行中平台的接口；--list 列出全部接口',
      en: 'call a running platform; --list names every endpoint',
    },
    options: { url: text, key: text, 'key-file': text, out: text, list: flag },
    load: async () => (await import('./call.ts')).callCommand,
  },
  {
    name: 'backup',
    usage: 'DIR',
    about: {
      zh: '备份内嵌数据库与文件（平台须已停止）',
      en: 'back up the embedded database and files (the platform must be stopped)',
    },
    options: {},
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  {
    name: 'restore',
    usage: 'DIR [--key-file FILE]',
    about: { zh: '核对备份并恢复到空的数据目录', en: 'verify a backup and restore it into an empty data folder' },
    options: { 'key-file': text },
    load: async () => (await import('./backup.ts')).restoreCommand,
  },
  {
    name: 'peer test',
    usage: '--url URL --key KEY --signing-key FILE [--receiver URL] [--acknowledgements FILE]',
    about: {
      zh: '对接测试：由接入方自行运行，检查领取、签名、重放、确认、撤下和推送，结果签名上报平台',
      en: 'conformance kit, run by a peer itself: pull, signatures, replay, acknowledgement, withdrawal, push; the signed result goes to the platform',
    },
    options: { url: text, key: text, 'signing-key': text, receiver: text, acknowledgements: text },
    load: async () => (await import('./peer.ts')).peerTest,
  },
  {
    name: 'peer key',
    usage: '--out FILE [--algorithm ed25519|sm2]',
    about: {
      zh: '为接入方生成签名密钥；私钥写入文件，公钥打印出来供登记',
      en: 'make a signing key for a peer; the private key goes into the file, the public one is printed to be registered',
    },
    options: { out: text, algorithm: text },
    load: async () => (await import('./peer.ts')).peerKey,
  },
]
