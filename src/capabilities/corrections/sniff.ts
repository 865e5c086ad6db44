import { mediaTypeOf } from '../../platform/file-type.ts'

const PROOFS = new Set(['application/pdf', 'image/jpeg', 'image/png'])
/** What a proof is by its first bytes, whatever its name says. */
export const sniffProof = (body: Buffer): string | null => {
  const type = mediaTypeOf(body)
  return type && PROOFS.has(type) ? type : null
}
