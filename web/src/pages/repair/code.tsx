import { useEffect, useState } from 'react'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const SIZE = 240

/** A QR code, drawn here: the address goes nowhere else. */
export const Code = ({ address, name, size = SIZE }: { address: string; name: Words; size?: number }) => {
  const { t } = useLanguage()
  const [image, setImage] = useState<string | null>(null)
  useEffect(() => {
    let live = true
    const draw = async () => {
      const { default: code } = await import('qrcode')
      const svg = await code.toString(address, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
      if (live) setImage(`data:image/svg+xml,${encodeURIComponent(svg)}`)
    }
    void draw()
    return () => {
      live = false
    }
  }, [address])
  return image && <img src={image} alt={t(name)} width={size} height={size} data-address={address} />
}
