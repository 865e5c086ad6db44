const starts = (body: Buffer, ...bytes: number[]): boolean => bytes.every((b, i) => body[i] === b)
const PDF_WITHIN = 1024

/** What a proof is by its first bytes, whatever its name says. */
export const sniffProof = (body: Buffer): string | null => {
  if (body.subarray(0, PDF_WITHIN).includes('%PDF-')) return 'application/pdf'
  if (starts(body, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  return starts(body, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ? 'image/png' : null
}
