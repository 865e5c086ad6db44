import { create } from 'qrcode'

/** A QR code (ISO/IEC 18004, error correction M) as vector graphics, with the quiet zone that readers need. */
export const qrSvg = (text: string): { svg: string; size: number } => {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const { size } = modules
  const QUIET = 4
  let path = ''
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!modules.get(y, x)) continue
      let run = 1
      while (x + run < size && modules.get(y, x + run)) run++
      path += `M${x} ${y}h${run}v1h-${run}z`
      x += run - 1
    }
  }
  const side = size + 2 * QUIET
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-${QUIET} -${QUIET} ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M-${QUIET} -${QUIET}h${side}v${side}h-${side}z"/><path d="${path}"/></svg>`
  return { svg, size }
}
