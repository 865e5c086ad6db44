/** What a file is by its first bytes, whatever its name says. */
export type MaterialType = { mediaType: string; extension: string }

const starts = (body: Buffer, ...bytes: number[]): boolean => bytes.every((b, i) => body[i] === b)
const PDF_WITHIN = 1024
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

export const sniffMaterial = (body: Buffer): MaterialType | null => {
  if (body.subarray(0, PDF_WITHIN).includes('%PDF-')) return { mediaType: 'application/pdf', extension: 'pdf' }
  if (starts(body, 0xff, 0xd8, 0xff)) return { mediaType: 'image/jpeg', extension: 'jpg' }
  if (starts(body, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return { mediaType: 'image/png', extension: 'png' }
  if (
    starts(body, 0x50, 0x4b, 0x03, 0x04) &&
    body.includes('[Content_Types].xml') &&
    body.includes('word/document.xml')
  ) {
    return { mediaType: DOCX, extension: 'docx' }
  }
  return null
}
