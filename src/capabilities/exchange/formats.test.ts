import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ExchangeEvent, type Head, digestOf } from './formats.event.ts'
import { decode, encode, formatOf } from './formats.ts'
import { FORMATS } from './words.ts'

const HEAD: Head = { batch: 7, source: 'xinheng/440100', to: '市场监管平台', createdAt: '2026-11-23T02:00:00.000Z' }

const NASTY = fc.constantFrom(
  '𠮷野家',
  '"引号"',
  "'=1+1",
  '=cmd|1',
  '-3',
  '+86',
  '@x',
  'a\nb\r\nc\rd',
  '\u0000\u0007\u001b',
  '\ufeffBOM',
  '\ud800',
  'json:1',
  'null',
  '12',
  'true',
  ' 空格 ',
  '_x0041_',
  '<a>&amp;</a>]]>',
  '，；,;\t',
  '\\u0000',
  '',
)
const text = fc.oneof(NASTY, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
const word = fc.stringMatching(/^[a-zA-Z0-9-]{1,30}$/)
const time = fc.constantFrom('2026-11-23T02:00:00.000Z', '2026-01-01T08:00:00+08:00')
const day = fc.constantFrom('2026-11-23', '2024-02-29')
const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((v) => JSON.parse(JSON.stringify(v)) as unknown)
const key = fc.oneof(
  word,
  text.filter((k) => k !== ''),
  fc.constantFrom('__proto__', 'constructor', 'a.b', 'x:number'),
)
const fields = fc.dictionary(key, fc.oneof(text, fc.integer(), fc.boolean(), json), { maxKeys: 6 })

const said = { version: fc.integer({ min: 1, max: 9 }), shownUntil: fc.option(day), disputed: fc.boolean(), fields }
const recordData = fc.record({
  record: fc.record({
    recordId: fc.uuid(),
    item: fc.constant('penalty'),
    subjectCode: fc.option(word),
    subjectName: text,
    authority: text,
    documentNumber: text,
    decidedOn: day,
  }),
  before: fc.option(fc.record({ ...said, shownFrom: fc.option(day) })),
  after: fc.option(fc.record({ ...said, shownFrom: fc.option(day), rule: text, article: text })),
  withdrawal: fc.option(fc.record({ reason: fc.option(text), takeDownBy: day })),
})
const event = (type: fc.Arbitrary<string>, data: fc.Arbitrary<unknown>): fc.Arbitrary<ExchangeEvent> =>
  fc.record({
    specversion: fc.constant('1.0' as const),
    id: fc.oneof(fc.uuid(), word),
    source: fc.oneof(
      word,
      NASTY.filter((s) => s !== ''),
    ),
    type,
    subject: fc.oneof(
      fc.uuid(),
      NASTY.filter((s) => s !== ''),
    ),
    time,
    datacontenttype: fc.constant('application/json' as const),
    data,
  })
const events = fc.array(
  fc.oneof(
    event(fc.constantFrom('record.publish', 'record.update', 'record.withdraw'), recordData),
    event(fc.constantFrom('case.passed_on', 'reconciliation.asked'), fields),
  ),
  { maxLength: 5 },
)

const one = (data: Record<string, unknown> = { note: '说明' }): ExchangeEvent => ({
  specversion: '1.0',
  id: 'e1',
  source: 'city',
  type: 'case.passed_on',
  subject: 's1',
  time: '2026-11-23T02:00:00Z',
  datacontenttype: 'application/json',
  data,
})
const bytes = (s: string) => new TextEncoder().encode(s)
const refused = async (format: string, body: Uint8Array) => {
  const read = await decode(format, body)
  if (read.ok) throw new Error('was taken')
  return read.refusals[0]!
}

describe('formats of exchange', () => {
  for (const format of FORMATS) {
    it(`${format}: what is written is read back, event for event`, async () => {
      await fc.assert(
        fc.asyncProperty(events, async (given) => {
          const { body, mediaType } = await encode(format, given, HEAD)
          const read = await decode(mediaType, body)
          expect(read).toMatchObject({ ok: true })
          expect(read.ok && read.value.events).toEqual(given)
          if (format.endsWith('envelope')) expect(read.ok && read.value.head).toEqual(HEAD)
        }),
        { numRuns: format === 'xlsx' ? 60 : 150 },
      )
    })

    it(`${format}: very long text, cut nowhere`, async () => {
      const given = [one({ note: '𠮷'.repeat(40_000), tail: `${'长'.repeat(31_999)}𠮷完` }), one({ note: '短' })]
      const read = await decode(format, (await encode(format, given, HEAD)).body)
      expect(read.ok && read.value.events).toEqual(given)
    })
  }

  it('is taken by its media type, whatever stands behind it', () => {
    expect(formatOf('text/csv; charset=utf-8')).toBe('csv')
    expect(formatOf('application/x-ndjson')).toBe('json_lines')
    expect(formatOf('application/json')).toBeNull()
  })

  it('has one digest in every format', async () => {
    const given = [one({ b: 1, a: [null, { d: '𠮷', c: false }] })]
    const xml = new TextDecoder().decode((await encode('xml_envelope', given, HEAD)).body)
    const json = new TextDecoder().decode((await encode('json_envelope', given, HEAD)).body)
    expect(xml).toContain(digestOf(given))
    expect(json).toContain(digestOf(given))
  })

  it('says what cannot be read, and where', async () => {
    const good = JSON.stringify(one())
    expect(await refused('application/pdf', bytes(''))).toMatchObject({ code: 'FORMAT_UNKNOWN' })
    expect(await refused('json_lines', bytes(`${good}\n{"a":\n`))).toEqual({
      code: 'BATCH_NOT_READABLE',
      params: { line: 2 },
    })
    expect(await refused('json_lines', bytes(`${good}\n\n{"id":"x"}\n`))).toMatchObject({
      code: 'EVENT_NOT_VALID',
      params: { n: 3 },
    })
    expect(await refused('cloudevents', Uint8Array.of(0xc3, 0x28))).toMatchObject({ code: 'BATCH_NOT_UTF8' })
    expect(await refused('cloudevents', bytes('{}'))).toMatchObject({ code: 'BATCH_PART_MISSING' })
    expect(await refused('json_envelope', bytes('{"header":{},"body":{"events":[]}}'))).toMatchObject({
      code: 'BATCH_PART_MISSING',
      params: { part: 'header.batch' },
    })
    const csv = new TextDecoder().decode((await encode('csv', [one()], HEAD)).body)
    expect(await refused('csv', bytes(csv.replace('subject', 'about')))).toMatchObject({ code: 'BATCH_PART_MISSING' })
    expect(await refused('csv', bytes(csv.replace('data.note', 'data.__proto__')))).toMatchObject({
      code: 'BATCH_COLUMN_UNKNOWN',
    })
    expect(await refused('csv', bytes(csv.replace('data.note', 'id')))).toMatchObject({ code: 'BATCH_COLUMN_TWICE' })
    expect(await refused('csv', bytes(csv.replace('data.note', 'data.note:number')))).toEqual({
      code: 'EVENT_NOT_VALID',
      params: { n: 2, field: 'data.note:number' },
    })
    expect(await refused('csv', bytes(`${csv}"open`))).toMatchObject({ code: 'BATCH_NOT_READABLE' })
    expect(await refused('xlsx', bytes('PK\u0003\u0004 and no more'))).toMatchObject({
      code: expect.stringMatching(/^FILE_/),
    })
  })

  it('sees a batch that was cut or changed on its way', async () => {
    for (const format of ['json_envelope', 'xml_envelope'] as const) {
      const body = new TextDecoder().decode((await encode(format, [one({ note: '原文' }), one()], HEAD)).body)
      expect(await refused(format, bytes(body.replace('原文', '改动')))).toMatchObject({ code: 'BATCH_DIGEST_DIFFERS' })
      const fewer = body.replace(/("count":|<count>)2/, '$13')
      expect(await refused(format, bytes(fewer))).toMatchObject({
        code: 'BATCH_COUNT_DIFFERS',
        params: { said: 3, found: 2 },
      })
    }
  })

  it('expands no entities and reads no document types', async () => {
    const xml = new TextDecoder().decode((await encode('xml_envelope', [one()], HEAD)).body)
    const bomb = xml.replace('?>', '?><!DOCTYPE e [<!ENTITY a "aaaa">]>').replace('说明', '&a;')
    expect(await refused('xml_envelope', bytes(bomb))).toMatchObject({ code: 'BATCH_NOT_READABLE' })
    expect(await refused('xml_envelope', bytes(xml.replace('说明', '&a;')))).toMatchObject({
      code: 'BATCH_NOT_READABLE',
    })
    expect(await refused('xml_envelope', bytes(xml.slice(0, 400)))).toMatchObject({ code: 'BATCH_NOT_READABLE' })
    const deep = bytes(`[{"data":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}]`)
    expect(await refused('cloudevents', deep)).toMatchObject({ code: 'EVENT_NOT_VALID' })
  })

  it('is read from a table that a Chinese spreadsheet saved in its own encoding', async () => {
    const gbk = Buffer.concat([
      Buffer.from('id,type,source,subject,time,data.note\r\ne1,case.passed_on,city,s1,2026-11-23T02:00:00Z,'),
      Buffer.from([0xcb, 0xb5, 0xc3, 0xf7]),
      Buffer.from('\r\n'),
    ])
    const read = await decode('text/csv', gbk)
    expect(read.ok && read.value.events).toEqual([one()])
  })

  it('lets no spreadsheet compute anything', async () => {
    const csv = new TextDecoder().decode((await encode('csv', [one({ note: '=HYPERLINK("http://x")' })], HEAD)).body)
    expect(csv).toContain(`"'=HYPERLINK(""http://x"")"`)
  })
})
