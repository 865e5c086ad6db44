import { SaxesParser } from 'saxes'
import { type Decision, refuse } from '../../kernel/decision.ts'
import type { Decoded, ExchangeEvent, Head } from './formats.event.ts'
import { headerOf, readEnvelope, textOf } from './formats.json.ts'

/**
 * The envelope in XML. `data` is written as the W3C writes JSON in XML (XPath and XQuery Functions 3.1, 22.1): map, array,
 * string, number, boolean, null, with the name in `key`; what XML cannot hold stands as a JSON escape in a string marked
 * `escaped`.
 */
export const NAMESPACE = 'urn:xinheng:exchange:1'

// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;')
/** As the inside of a JSON string: only what XML cannot hold is escaped there, and the escaping sign itself. */
const escaped = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
const holds = (text: string): boolean => text.isWellFormed() && !NOT_XML.test(text)
const attribute = (name: string, text: string): string =>
  holds(text) ? ` ${name}="${escape(text)}"` : ` ${name}="${escape(escaped(text))}" escaped-${name}="true"`

const node = (value: unknown, key: string | null): string => {
  const named = key === null ? '' : attribute('key', key)
  if (value === null || value === undefined) return `<null${named}/>`
  if (typeof value === 'string')
    return holds(value)
      ? `<string${named}>${escape(value)}</string>`
      : `<string${named} escaped="true">${escape(escaped(value))}</string>`
  if (typeof value === 'number' || typeof value === 'boolean')
    return `<${typeof value}${named}>${JSON.stringify(value)}</${typeof value}>`
  if (Array.isArray(value)) return `<array${named}>${value.map((v) => node(v, null)).join('')}</array>`
  return `<map${named}>${Object.entries(value as Record<string, unknown>)
    .filter(([, v]) => v !== undefined)
    .map(([k, v]) => node(v, k))
    .join('')}</map>`
}

const ATTRIBUTES = ['id', 'type', 'source', 'subject', 'time'] as const
const HEADER = ['version', 'batch', 'source', 'to', 'createdAt', 'count', 'digest'] as const

export const encodeXmlEnvelope = (events: readonly ExchangeEvent[], head: Head): Uint8Array => {
  const header = headerOf(events, head)
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<envelope xmlns="${NAMESPACE}">`,
    `<header>${HEADER.map((k) => `<${k}>${escape(String(header[k]))}</${k}>`).join('')}</header>`,
    '<body>',
    ...events.map(
      (e) => `<event${ATTRIBUTES.map((k) => attribute(k, e[k])).join('')}><data>${node(e.data, null)}</data></event>`,
    ),
    '</body>',
    '</envelope>',
    '',
  ]
  return new TextEncoder().encode(lines.join('\n'))
}

const DEEPEST = 40
type Open = { name: string; key: string | null; value: unknown; escaped: boolean; text: string }

class Unreadable extends Error {
  readonly line: number
  constructor(line: number) {
    super('not readable')
    this.line = line
  }
}

/** Own properties only: a key may be called `__proto__`. */
const put = (into: unknown, key: string | null, value: unknown): void => {
  if (Array.isArray(into)) into.push(value)
  else if (typeof into === 'object' && into !== null && key !== null)
    Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true })
}

const read = (text: string): { header: Record<string, unknown>; events: Record<string, unknown>[] } => {
  const header: Record<string, unknown> = {}
  const events: Record<string, unknown>[] = []
  const path: Open[] = []
  const parser = new SaxesParser({ xmlns: true, position: true })
  const broken = (): never => {
    throw new Unreadable(parser.line)
  }
  const unescaped = (inner: string): string => {
    try {
      return String(JSON.parse(`"${inner}"`))
    } catch {
      return broken()
    }
  }
  parser.on('error', broken)
  // No DTD: an entity that XML itself does not define is an error and never expanded.
  parser.on('doctype', broken)
  parser.on('opentag', (tag) => {
    if (path.length >= DEEPEST || tag.uri !== NAMESPACE) broken()
    const said = (name: string): string | null => tag.attributes[name]?.value ?? null
    const value = (name: string): string | null => {
      const text = said(name)
      return text !== null && said(`escaped-${name}`) === 'true' ? unescaped(text) : text
    }
    const { local: name } = tag
    const one: Open = { name, key: value('key'), value: undefined, escaped: said('escaped') === 'true', text: '' }
    if (name === 'map') one.value = {}
    else if (name === 'array') one.value = []
    else if (name === 'event') {
      one.value = Object.fromEntries(ATTRIBUTES.flatMap((k) => (value(k) === null ? [] : [[k, value(k)]])))
      put(one.value, 'specversion', '1.0')
    }
    path.push(one)
  })
  parser.on('text', (piece) => {
    const at = path.at(-1)
    if (at) at.text += piece
  })
  parser.on('cdata', (piece) => {
    const at = path.at(-1)
    if (at) at.text += piece
  })
  parser.on('closetag', () => {
    const one = path.pop()
    const above = path.at(-1)
    if (!one || !above) return
    if (above.name === 'header') put(header, one.name, /^(batch|count)$/.test(one.name) ? Number(one.text) : one.text)
    else if (one.name === 'event') events.push(one.value as Record<string, unknown>)
    else if (one.name === 'data') put(above.value, 'data', one.value)
    else if (['map', 'array', 'data'].includes(above.name)) {
      const value = valueOf(one)
      if (above.name === 'data') above.value = value
      else if (above.name === 'map' && one.key === null) broken()
      else put(above.value, one.key, value)
    }
  })
  const valueOf = (one: Open): unknown => {
    if (one.name === 'map' || one.name === 'array') return one.value
    if (one.name === 'null') return null
    if (one.name === 'string') return one.escaped ? unescaped(one.text) : one.text
    if (one.name === 'boolean' && /^(true|false)$/.test(one.text.trim())) return one.text.trim() === 'true'
    if (one.name === 'number' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(one.text.trim())) return Number(one.text)
    return broken()
  }
  parser.write(text).close()
  return { header, events }
}

export const decodeXmlEnvelope = (bytes: Uint8Array): Decision<Decoded> => {
  const text = textOf(bytes)
  if (!text.ok) return text
  try {
    const { header, events } = read(text.value)
    return readEnvelope(header, events)
  } catch (error) {
    if (error instanceof Unreadable) return refuse('BATCH_NOT_READABLE', { line: error.line })
    throw error
  }
}

/** The published schema of the envelope. */
export const ENVELOPE_XSD = `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="${NAMESPACE}" targetNamespace="${NAMESPACE}" elementFormDefault="qualified">
  <xs:annotation><xs:documentation>信用信息交换报文（XML）：报文头与报文体。data 按 W3C XPath and XQuery Functions 3.1 第 22.1 节的方式表示 JSON。digest 为事件数组按 RFC 8785 规范化后的 SHA-256（十六进制）。</xs:documentation></xs:annotation>
  <xs:element name="envelope">
    <xs:complexType><xs:sequence>
      <xs:element name="header">
        <xs:complexType><xs:sequence>
          <xs:element name="version" type="xs:string" fixed="1"/>
          <xs:element name="batch" type="xs:nonNegativeInteger"/>
          <xs:element name="source" type="xs:string"/>
          <xs:element name="to" type="xs:string"/>
          <xs:element name="createdAt" type="xs:dateTime"/>
          <xs:element name="count" type="xs:nonNegativeInteger"/>
          <xs:element name="digest"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[0-9a-fA-F]{64}"/></xs:restriction></xs:simpleType></xs:element>
        </xs:sequence></xs:complexType>
      </xs:element>
      <xs:element name="body">
        <xs:complexType><xs:sequence><xs:element name="event" type="event" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="acknowledgements">
    <xs:annotation><xs:documentation>接收方的确认。measures、evaluation 为解除失信惩戒措施、更新信用评价的答复，仅在撤下通知要求时填写。</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="acknowledgement" minOccurs="0" maxOccurs="unbounded">
      <xs:complexType>
        <xs:attribute name="eventId" type="xs:string" use="required"/>
        <xs:attribute name="outcome" use="required"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="applied"/><xs:enumeration value="already"/><xs:enumeration value="refused"/></xs:restriction></xs:simpleType></xs:attribute>
        <xs:attribute name="note" type="xs:string"/>
        <xs:attribute name="measures" type="effect"/>
        <xs:attribute name="evaluation" type="effect"/>
      </xs:complexType>
    </xs:element></xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="effect"><xs:restriction base="xs:string"><xs:enumeration value="done"/><xs:enumeration value="none"/></xs:restriction></xs:simpleType>
  <xs:complexType name="event">
    <xs:sequence><xs:element name="data"><xs:complexType><xs:sequence><xs:element name="map" type="map"/></xs:sequence></xs:complexType></xs:element></xs:sequence>
    <xs:attribute name="id" type="xs:string" use="required"/>
    <xs:attribute name="type" type="xs:string" use="required"/>
    <xs:attribute name="source" type="xs:string" use="required"/>
    <xs:attribute name="subject" type="xs:string" use="required"/>
    <xs:attribute name="time" type="xs:dateTime" use="required"/>
    <xs:attribute name="escaped-id" type="xs:boolean"/>
    <xs:attribute name="escaped-source" type="xs:boolean"/>
    <xs:attribute name="escaped-subject" type="xs:boolean"/>
  </xs:complexType>
  <xs:group name="value">
    <xs:choice>
      <xs:element name="map" type="map"/>
      <xs:element name="array" type="array"/>
      <xs:element name="string" type="string"/>
      <xs:element name="number" type="number"/>
      <xs:element name="boolean" type="boolean"/>
      <xs:element name="null" type="null"/>
    </xs:choice>
  </xs:group>
  <xs:attributeGroup name="named"><xs:attribute name="key" type="xs:string"/><xs:attribute name="escaped-key" type="xs:boolean"/></xs:attributeGroup>
  <xs:complexType name="map"><xs:group ref="value" minOccurs="0" maxOccurs="unbounded"/><xs:attributeGroup ref="named"/></xs:complexType>
  <xs:complexType name="array"><xs:group ref="value" minOccurs="0" maxOccurs="unbounded"/><xs:attributeGroup ref="named"/></xs:complexType>
  <xs:complexType name="string"><xs:simpleContent><xs:extension base="xs:string"><xs:attributeGroup ref="named"/><xs:attribute name="escaped" type="xs:boolean"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="number"><xs:simpleContent><xs:extension base="xs:double"><xs:attributeGroup ref="named"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="boolean"><xs:simpleContent><xs:extension base="xs:boolean"><xs:attributeGroup ref="named"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="null"><xs:attributeGroup ref="named"/></xs:complexType>
</xs:schema>
`
