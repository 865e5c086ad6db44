import { SaxesParser } from 'saxes'
import type { AckLine } from './acknowledgements.ts'
import { NAMESPACE } from './formats.xml.ts'

/** Acknowledgements in XML: one element an event, everything in its attributes. Null where it is not that. */
export const xmlAcknowledgements = (text: string): AckLine[] | null => {
  const lines: AckLine[] = []
  const parser = new SaxesParser({ xmlns: true })
  let depth = 0
  let broken = false
  const fail = () => {
    broken = true
  }
  parser.on('error', fail)
  // No DTD: an entity that XML itself does not define is an error and never expanded.
  parser.on('doctype', fail)
  parser.on('opentag', ({ uri, local, attributes }) => {
    const wanted = ['acknowledgements', 'acknowledgement'][depth++]
    if (broken || uri !== NAMESPACE || local !== wanted) return fail()
    if (depth === 1) return
    const said = (name: string): string => attributes[name]?.value ?? ''
    lines.push({
      n: lines.length + 1,
      eventId: said('eventId'),
      outcome: said('outcome'),
      note: said('note'),
      measures: said('measures'),
      evaluation: said('evaluation'),
    })
  })
  parser.on('closetag', () => {
    depth--
  })
  parser.write(text).close()
  return broken ? null : lines
}
