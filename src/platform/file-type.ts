/** What a file is by its first bytes, whatever its name says: the kinds that people hand in as proof. */

const starts = (body: Buffer, ...bytes: number[]): boolean => bytes.every((b, i) => body[i] === b)
const PDF_WITHIN = 1024
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

export const mediaTypeOf = (body: Buffer): string | null => {
  if (body.subarray(0, PDF_WITHIN).includes('%PDF-')) return 'application/pdf'
  if (starts(body, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(body, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  const zip = starts(body, 0x50, 0x4b, 0x03, 0x04)
  return zip && body.includes('[Content_Types].xml') && body.includes('word/document.xml') ? DOCX : null
}
